"""What tests stand on: servers, a test platform, a school of rows, a page checker."""
