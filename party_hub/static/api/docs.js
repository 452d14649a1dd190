// Shows the OpenAPI document. A file of its own, because the Content-Security-Policy allows no inline script.
"use strict";

const place = document.getElementById("documentation");
window.SwaggerUIBundle({
  url: place.dataset.schema,
  domNode: place,
  deepLinking: true,
  presets: [window.SwaggerUIBundle.presets.apis],
  requestInterceptor: (request) => {
    const token = document.cookie.split("; ").find((item) => item.startsWith("csrftoken="));
    if (token) request.headers["X-CSRFToken"] = token.slice("csrftoken=".length);
    return request;
  },
});
