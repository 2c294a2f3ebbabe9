// Starts GraphiQL against this server, with a first operation that works as it stands.
const firstOperation = `# Start a job from a workflow. Ctrl-Enter runs it.
mutation Start {
  startJob(
    workflow: "Greet a device"
    options: { variables: { device: "edge-1" } }
  ) {
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

# What happens to jobs from now on.
# Run it, then start a job in another tab.
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

# The workflows there are.
query Workflows {
  workflows {
    name
    description
    inputSchema
  }
}
`;

const { createElement } = React;

const subscriptionUrl = new URL("graphql", location.href).href.replace(/^http/, "ws");

ReactDOM.createRoot(document.getElementById("playground")).render(
  createElement(
    GraphiQL,
    {
      fetcher: GraphiQL.createFetcher({ url: "graphql", subscriptionUrl }),
      defaultQuery: firstOperation,
      shouldPersistHeaders: false,
    },
    createElement(GraphiQL.Logo, null, createElement("span", { className: "brand" }, "jobyard")),
  ),
);
