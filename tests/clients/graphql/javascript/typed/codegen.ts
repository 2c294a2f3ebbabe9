// GraphQL Code Generator's client preset: the types of operations, checked by the compiler, and asked with graphql-request.
import { GraphQLClient } from "graphql-request";
import { print } from "graphql";
import { codeOf, follow, headers, url, workflow } from "./follow.js";
import { graphql } from "./made/gql.js";
import type { CodegenFollowSubscription } from "./made/graphql.js";

const Start = graphql(`
  mutation CodegenStart($workflow: String!) {
    startJob(workflow: $workflow, options: {}) {
      id
      status
    }
  }
`);
const Page = graphql(`
  query CodegenPage($first: Int!, $after: String, $name: String!) {
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
  subscription CodegenFollow($id: ID!) {
    jobChanged(id: $id) {
      status
    }
  }
`);
const Unknown = graphql(`
  query CodegenUnknown($id: ID!) {
    job(id: $id) {
      id
    }
  }
`);

const client = new GraphQLClient(url, { headers });
const started = (await client.request(Start, { workflow })).startJob?.id;
if (started === undefined) throw new Error("no job was started");
const followed = await follow<CodegenFollowSubscription>(print(Follow), { id: started });
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
