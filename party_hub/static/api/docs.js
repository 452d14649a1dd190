// Shows the OpenAPI document. A file of its own, because the Content-Security-Policy allows no inline script.
"use strict";

const main = document.getElementById("documentation");
window.SwaggerUIBundle({
  url: main.dataset.schema,
  domNode: main,
  deepLinking: true,
  presets: [window.SwaggerUIBundle.presets.apis],
  requestInterceptor: (request) => {
    const token = document.cookie.split("; ").find((item) => item.startsWith("csrftoken="));
    if (token) request.headers["X-CSRFToken"] = token.slice("csrftoken=".length);
    return request;
  },
});
