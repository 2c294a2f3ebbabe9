// Shows the OpenAPI document of this server, and asks this server alone: no validator elsewhere.
const server = new URL(".", document.baseURI).href.replace(/\/$/, "");
SwaggerUIBundle({
  dom_id: "#routes",
  url: `${server}/help/openapi?url=${encodeURIComponent(server)}`,
  deepLinking: true,
  docExpansion: "list",
  filter: true,
  validatorUrl: null,
  persistAuthorization: false,
});
