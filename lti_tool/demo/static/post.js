// A launch is a form that posts itself; without JavaScript its button does the same.
document.querySelector("form[data-post-itself]")?.submit();
