// Starts GraphiQL against this server, with a first operation that works as it stands.
const firstOperation = `# Start a job from a workflow. Ctrl-Enter runs the operation under the cursor.
mutation Start($workflow: String!, $options: StartJobOptions!) {
  startJob(workflow: $workflow, options: $options) {
    id
    name
    status
    tasks {
      id
      name
      status
    }
  }
}

# What happens to jobs from now on: run it, then start one in another tab.
subscription Follow {
  jobsChanged {
    jobId
    name
    status
    tasks {
      name
      status
    }
  }
}

# The workflows that can be started.
query Workflows {
  workflows {
    name
    description
    inputSchema
  }
}
`;

const firstVariables = JSON.stringify(
  { workflow: "Greet a device", options: { variables: { device: "edge-1" } } },
  null,
  2,
);

const { createElement } = React;

const subscriptionUrl = `${location.protocol.replace("http", "ws")}//${location.host}/graphql`;

ReactDOM.createRoot(document.getElementById("playground")).render(
  createElement(
    GraphiQL,
    {
      fetcher: GraphiQL.createFetcher({ url: "/graphql", subscriptionUrl }),
      defaultQuery: firstOperation,
      variables: firstVariables,
      defaultEditorToolsVisibility: "variables",
      shouldPersistHeaders: false,
    },
    createElement(GraphiQL.Logo, null, createElement("span", { className: "brand" }, "jobyard")),
  ),
);
