// What the compiler of Relay makes artifacts of: a connection, a fragment of the query and one of a node that are asked
// for again, a mutation and a subscription.
const { graphql } = require("relay-runtime");

graphql`
  query operationsPageQuery($first: Int!, $name: String!) {
    ...operationsPage @arguments(first: $first, name: $name)
  }
`;

graphql`
  fragment operationsPage on Query
  @argumentDefinitions(first: { type: "Int!" }, after: { type: "String" }, name: { type: "String!" })
  @refetchable(queryName: "operationsNextPageQuery") {
    jobs(first: $first, after: $after, filter: { name: { equals: $name } }) @connection(key: "operations_jobs") {
      edges {
        node {
          id
          ...operationsRow
        }
      }
    }
  }
`;

graphql`
  fragment operationsRow on Job @refetchable(queryName: "operationsRowAgainQuery") {
    status
    tasks {
      id
      taskId
      status
    }
  }
`;

graphql`
  mutation operationsStartMutation($workflow: String!) {
    startJob(workflow: $workflow, options: {}) {
      id
      ...operationsRow
    }
  }
`;

graphql`
  subscription operationsFollowSubscription($id: ID!) {
    jobChanged(id: $id) {
      number
      status
    }
  }
`;

graphql`
  query operationsUnknownQuery($id: ID!) {
    job(id: $id) {
      id
    }
  }
`;
