// Relay at run time, with what its compiler wrote: a mutation, a subscription in parts over HTTP as Apollo has it, pages of
// a connection, a fragment of a node that is asked for again, and the code of an error.
const { Environment, Network, Observable, RecordSource, Store } = require("relay-runtime");
const { commitMutation, createOperationDescriptor, fetchQuery, getSingularSelector, requestSubscription } = require("relay-runtime");
const { createFetchMultipartSubscription } = require("@apollo/client/utilities/subscriptions/relay");

const { JOBYARD_SERVER: server, JOBYARD_TOKEN: token, JOBYARD_WORKFLOW: workflow } = process.env;
const url = `${server}/graphql`;
const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
const artifact = (name) => require(`./artifacts/${name}.graphql`);

async function post({ text: query }, variables) {
  const answer = await fetch(url, { method: "POST", headers, body: JSON.stringify({ query, variables }) });
  const body = await answer.json();
  if (body.errors) throw Object.assign(new Error(body.errors[0].message), { errors: body.errors });
  return body;
}
const subscribe = createFetchMultipartSubscription(url, { headers });
const follow = (request, variables) => Observable.create((sink) => subscribe(request, variables).subscribe(sink));
const environment = new Environment({ network: Network.create(post, follow), store: new Store(new RecordSource()) });

const start = () =>
  new Promise((onCompleted, onError) =>
    commitMutation(environment, {
      mutation: artifact("operationsStartMutation"),
      variables: { workflow },
      onCompleted: ({ startJob }) => onCompleted(startJob.id),
      onError,
    }),
  );

function followed(id) {
  const heard = [];
  return new Promise((resolve, onError) =>
    requestSubscription(environment, {
      subscription: artifact("operationsFollowSubscription"),
      variables: { id },
      onNext: ({ jobChanged }) => heard.push(jobChanged.status),
      onCompleted: () => resolve(heard),
      onError,
    }),
  );
}

async function main() {
  const started = await start();
  const heard = await followed(started);
  const query = artifact("operationsPageQuery");
  const variables = { first: 1, name: workflow };
  const kept = createOperationDescriptor(query, variables);
  environment.retain(kept);
  await fetchQuery(environment, query, variables).toPromise();
  // What a component that shows the fragment would see of the connection.
  const shown = () => {
    const { data } = environment.lookup(kept.fragment);
    return environment.lookup(getSingularSelector(artifact("operationsPage"), data)).data.jobs;
  };
  const after = shown().pageInfo.endCursor;
  const next = artifact("operationsNextPageQuery");
  await fetchQuery(environment, next, { ...variables, after }).toPromise();
  const paged = shown().edges.map(({ node }) => node.id);
  await fetchQuery(environment, artifact("operationsRowAgainQuery"), { id: started }).toPromise();
  const row = environment.getStore().getSource().get(started);
  const refused = await fetchQuery(environment, artifact("operationsUnknownQuery"), { id: "f".repeat(24) })
    .toPromise()
    .catch((error) => error.errors[0].extensions.code);
  console.log(
    JSON.stringify({ started, followed: heard, paged, row: row.status, refused }),
  );
}
main();
