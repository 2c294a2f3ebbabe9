// gql.tada: the same types, from the schema and the text alone.
import { GraphQLClient } from "graphql-request";
import { type ResultOf, initGraphQLTada } from "gql.tada";
import { print } from "graphql";
import { codeOf, follow, headers, url, workflow } from "./follow.js";
import type { introspection } from "./graphql-env.js";

const graphql = initGraphQLTada<{ introspection: introspection; scalars: { JSON: unknown; DateTime: string } }>();

const Start = graphql(`
  mutation TadaStart($workflow: String!) {
    startJob(workflow: $workflow, options: {}) {
      id
    }
  }
`);
const Page = graphql(`
  query TadaPage($first: Int!, $after: String, $name: String!) {
    jobs(first: $first, after: $after, filter: { name: { equals: $name } }) {
      edges {
        node {
          id
          metrics {
            startedAt
          }
        }
      }
      pageInfo {
        endCursor
      }
    }
  }
`);
const Follow = graphql(`
  subscription TadaFollow($id: ID!) {
    jobChanged(id: $id) {
      status
    }
  }
`);
const Unknown = graphql(`
  query TadaUnknown($id: ID!) {
    job(id: $id) {
      id
    }
  }
`);

const client = new GraphQLClient(url, { headers });
const started = (await client.request(Start, { workflow })).startJob?.id;
if (started === undefined) throw new Error("no job was started");
const followed = await follow<ResultOf<typeof Follow>>(print(Follow), { id: started });
const first = await client.request(Page, { first: 1, name: workflow });
const second = await client.request(Page, { first: 1, after: first.jobs.pageInfo.endCursor, name: workflow });
const moment: string | null | undefined = first.jobs.edges[0]?.node.metrics?.startedAt;
console.log(
  JSON.stringify({
    started,
    followed: followed.map(({ jobChanged }) => jobChanged.status),
    paged: [first, second].map(({ jobs }) => jobs.edges[0]?.node.id),
    moment,
    refused: await client.request(Unknown, { id: "f".repeat(24) }).catch(codeOf),
  }),
);
