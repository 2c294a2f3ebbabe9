// Rules for schema.graphql: those that graphql-eslint recommends, and those of Relay. Each exception has its reason.
import graphql from "@graphql-eslint/eslint-plugin";
import { defineConfig } from "eslint/config";

export default defineConfig({
  files: ["schema.graphql"],
  languageOptions: { parser: graphql.parser, parserOptions: { graphQLConfig: { schema: "schema.graphql" } } },
  plugins: { "@graphql-eslint": graphql },
  rules: {
    ...graphql.configs["flat/schema-recommended"].rules,
    ...graphql.configs["flat/schema-relay"].rules,

    // The names are documented: a task has an `id` and its short `taskId`, and a `username` is a word of its own.
    "@graphql-eslint/no-typename-prefix": "off",

    // What is bounded by its owner, as the tasks of a job are, is a list; every list of the server is a connection,
    // whose `nodes` are there beside its edges.
    "@graphql-eslint/relay-edge-types": [
      "error",
      { withEdgeSuffix: true, shouldImplementNode: true, listTypeCanWrapOnlyEdgeType: false },
    ],

    // Values of what they belong to: nothing is found by their ids, so caches keep them in their owners.
    "@graphql-eslint/strict-id-in-types": [
      "error",
      {
        exceptions: {
          types: [
            "AccountList",
            "AppMethods",
            "AssignedRole",
            "Brought",
            "CatalogueTask",
            "ChildJob",
            "Decorator",
            "Deletion",
            "DocumentedList",
            "Error",
            "Form",
            "GroupList",
            "GroupMembership",
            "ImportReport",
            "IncomingValue",
            "IterationConnection",
            "IterationEdge",
            "IterationJob",
            "IterationMetrics",
            "JobConnection",
            "JobEdge",
            "JobEvent",
            "JobMetrics",
            "Loop",
            "Match",
            "Meta",
            "Method",
            "MethodList",
            "PageInfo",
            "Parent",
            "Point",
            "Program",
            "Repaired",
            "RetrySettings",
            "RoleList",
            "Session",
            "SkippedDocument",
            "TaskBuckets",
            "TaskChange",
            "TaskMetrics",
            "TaskTransitions",
            "TaskVariables",
            "Transition",
            "User",
            "ValidationError",
            "ViewList",
            "Wait",
            "Warning",
            "WorkflowCheck",
            "WorkflowTransition",
          ],
        },
      },
    ],
  },
});
