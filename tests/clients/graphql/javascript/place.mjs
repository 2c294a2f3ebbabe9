// What every client here is told: where the server is, and who asks. Each prints one line of JSON.

export const { JOBYARD_SERVER: server, JOBYARD_TOKEN: token } = process.env;
export const { JOBYARD_WORKFLOW: workflow, JOBYARD_WAITING: waiting } = process.env; // the other one waits for a person
export const url = `${server}/graphql`;
export const socketUrl = url.replace("http", "ws");
export const headers = { authorization: `Bearer ${token}` };

export const VIEWER = "{ viewer { username } }";
export const START = `mutation ($workflow: String!) { startJob(workflow: $workflow, options: {}) { id } }`;
export const CHANGES = `subscription ($id: ID!) { jobChanged(id: $id) { number status } }`;
export const UNKNOWN = `{ job(id: "${"f".repeat(24)}") { id } }`;

export const PAGE = `
  query Page($first: Int!, $after: String, $name: String!) {
    jobs(first: $first, after: $after, filter: { name: { equals: $name } }) {
      edges { cursor node { id status } }
      pageInfo { hasNextPage endCursor }
    }
  }
`;

export function print(answers) {
  console.log(JSON.stringify(answers));
}
