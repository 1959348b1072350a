"use strict";

// what the API at this origin serves; where no API runs, such as a page of the repository, the committed copy
async function description() {
  for (const address of ["/v1/openapi.json", "../openapi.json"]) {
    const answer = await fetch(address, { credentials: "omit" }).catch(() => null);
    if (answer && answer.ok) return answer.json();
  }
  throw new Error("The API's description cannot be found beside this page.");
}

description().then(
  (spec) =>
    SwaggerUIBundle({
      spec,
      dom_id: "#reference",
      deepLinking: true,
      displayRequestDuration: true,
      filter: true,
      persistAuthorization: false,
      tryItOutEnabled: true,
      validatorUrl: null,
    }),
  (problem) => {
    document.getElementById("reference").textContent = problem.message;
  },
);
