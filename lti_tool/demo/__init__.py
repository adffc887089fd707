"""A small LMS of our own with one invented class, for `make demo` and the browser tests.

It imports nothing from the rest of the tool and no LTI library, so that it is an independent
check: a misreading of the standard would have to be made twice. It sends what Moodle 4.5 was
measured to send; a launch from the course menu follows Canvas. Everything lives in memory.

For people:

- `GET /`: the course with two panes, each the tool in a frame as one person. `left`, `right`
  (person ids) and `left_activity`, `right_activity` (activity id or `menu`) choose what they show.
  `course` names another course than the first one.
- `GET /add-activity?course=`: the tool in a frame, asked for a new activity.
- `POST /copy?course=`: a copy of the course, with new ids; `custom` stays as it was.
- `GET /gradebook`: the participants and the scores received from the tool.
- `GET /open?person=&course=&activity=&pane=&target=`: login initiation;
  target is `iframe` or `window`, and `client` may name another tool than the demo's own.
- `GET,POST /tools`: the administrator adds a tool by its registration link, and activates it.
- `GET /healthz`

OpenID Connect and OAuth 2 (1EdTech Security Framework 1.0, LTI 1.3 core):

- `GET,POST /auth`: authentication request, answered with a form_post
- `GET /jwks`: the public key
- `GET /openid-configuration`, `POST /openid-registration`: LTI Dynamic Registration 1.0; as in
  Moodle a token of one hour and one use, and a tool is pending until it is activated
- `POST /deep-link/return`: the tool's answer to a deep linking request, checked with its key set
- `POST /token`: client credentials with a signed assertion

Services, behind a bearer token:

- `GET /services/<course id>/roster`: Names and Role Provisioning Services 2.0
- `GET,POST /services/lineitems`, `GET,PUT,DELETE /services/lineitems/<id>/lineitem`,
  `POST …/lineitem/scores`, `GET …/lineitem/results`: Assignment and Grade Services 2.0. As in
  Moodle the addresses carry a query, so `/scores` belongs before the question mark.
"""
