// Mercurius, or Yoga, with JIT: the work of bare.py over GraphQL. `node server.mjs mercurius|yoga DATABASE`, with
// MONGODB_URI; it says its address.
import { randomBytes } from "node:crypto";
import { MongoClient, ObjectId } from "mongodb";

const [which, name] = process.argv.slice(2);
const client = await MongoClient.connect(process.env.MONGODB_URI, { w: "majority", journal: true });
const workflows = client.db(name).collection("workflows");
const jobs = client.db(name).collection("jobs");

const typeDefs = `
  scalar JSON
  scalar DateTime
  enum JobStatus { RUNNING }
  input JobFilter { status: [JobStatus!] }
  input StartJobOptions { description: String, variables: JSON, groups: [ID!] }
  type User { id: ID! }
  type JobMetrics { startTime: Float, endTime: Float, progress: Float, owner: ID }
  type Task {
    id: ID!, name: String, canvasName: String, displayName: String, summary: String, description: String, type: String,
    app: String, location: String, status: String!, startTime: DateTime, x: Float, y: Float
  }
  type Job {
    id: ID!, name: String!, description: String, type: String, status: String!, created: DateTime, lastUpdated: DateTime,
    createdVersion: String, lastUpdatedVersion: String, canvasVersion: Float, encodingVersion: Int, migrationVersion: Int,
    fontSize: Int, preAutomationTime: Float, sla: Float, createdBy: User, lastUpdatedBy: User, errorHandler: ID,
    metrics: JobMetrics, tasks: [Task!]!
  }
  type JobEdge { cursor: String!, node: Job! }
  type JobConnection { edges: [JobEdge!]! }
  type Query { job(id: ID!): Job, jobs(first: Int!, filter: JobFilter): JobConnection! }
  type Mutation { startJob(workflow: String!, options: StartJobOptions!): Job }
`;

function jobOf(workflow, options) {
  const now = new Date();
  const tasks = {};
  for (const [id, task] of Object.entries(workflow.tasks)) {
    tasks[id] = {
      ...task,
      taskId: id,
      status: "incomplete",
      iterations: [randomBytes(16).toString("hex")],
      start_time: id === "workflow_start" ? now : null,
      end_time: null,
      finish_state: null,
      previous: { incomplete: [], complete: [], error: [] },
      transitions: workflow.transitions[id] ?? {},
    };
  }
  return {
    ...workflow,
    _id: new ObjectId(),
    variables: options.variables ?? {},
    groups: options.groups ?? workflow.groups,
    created_by: "admin",
    last_updated_by: "admin",
    description: options.description ?? null,
    status: "running",
    created: now,
    last_updated: now,
    error: [],
    warnings: [],
    ancestors: [],
    watchers: [],
    tasks,
    parent: null,
    metrics: { start_time: Date.now(), end_time: null, progress: 0, user: "admin", owner: "admin" },
  };
}

const resolvers = {
  Query: {
    job: (_, { id }) => jobs.findOne({ _id: new ObjectId(id) }),
    jobs: async (_, { first }) => {
      const found = await jobs.find({ status: "running" }).sort({ _id: -1 }).limit(first).toArray();
      return { edges: found.map((node) => ({ cursor: node._id.toString(), node })) };
    },
  },
  Mutation: {
    startJob: async (_, { workflow, options }) => {
      const found = await workflows.findOne({ name: workflow });
      const job = jobOf(found, options);
      await jobs.insertOne(job);
      return job;
    },
  },
  Job: {
    id: (job) => job._id.toString(),
    lastUpdated: (job) => job.last_updated,
    fontSize: (job) => job.font_size,
    createdBy: (job) => ({ id: job.created_by }),
    lastUpdatedBy: (job) => ({ id: job.last_updated_by }),
    tasks: (job) => Object.values(job.tasks),
  },
  JobMetrics: { startTime: (one) => one.start_time, endTime: (one) => one.end_time },
  Task: { id: (task) => task.taskId, startTime: (task) => task.start_time },
};

// What bare.py has as POST /workflows.
async function bring(document) {
  await workflows.insertOne(document);
}

if (which === "mercurius") {
  const { default: fastify } = await import("fastify");
  const { default: mercurius } = await import("mercurius");
  const app = fastify();
  app.register(mercurius, { schema: typeDefs, resolvers, jit: 1 });
  app.post("/workflows", async (request) => {
    await bring(request.body);
    return {};
  });
  console.log(await app.listen({ port: 0, host: "127.0.0.1" }));
} else {
  const { createServer } = await import("node:http");
  const { createSchema, createYoga } = await import("graphql-yoga");
  const { useGraphQlJit } = await import("@envelop/graphql-jit");
  const yoga = createYoga({
    schema: createSchema({ typeDefs, resolvers }),
    logging: false,
    plugins: [useGraphQlJit()],
  });
  const server = createServer(async (request, response) => {
    if (request.url !== "/workflows") return yoga(request, response);
    const parts = [];
    for await (const part of request) parts.push(part);
    await bring(JSON.parse(Buffer.concat(parts)));
    response.writeHead(200, { "content-length": 2 }).end("{}");
  });
  server.listen(0, "127.0.0.1", () => console.log(`http://127.0.0.1:${server.address().port}`));
}
