import type { ErrorSchema, RJSFSchema, UiSchema } from "@rjsf/utils";
import { lazy, Suspense, useRef, useState } from "react";
import { useClient, useQuery } from "urql";
import { Link } from "wouter";
import { useNames } from "../api/names";
import { refusal, useViewer } from "../api/viewer";
import {
  ClaimTaskDocument,
  FinishTaskDocument,
  ReleaseTaskDocument,
  WorkTaskDocument,
  type Button,
  type WorkTaskQuery,
} from "../gql/graphql";
import { JsonField, objectOf } from "../ui/json-field";
import { Act, Loading, Time, Trouble } from "../ui/parts";
import { Tree } from "../ui/tree";
import { Assign } from "./assign";
import { Shown } from "./shown";
import { filled } from "./texts";

const SchemaForm = lazy(() => import("../forms/form"));

type Task = NonNullable<WorkTaskQuery["task"]>;

function texts(task: Task): Record<string, unknown> {
  const incoming = task.variables?.incoming;
  return typeof incoming === "object" && incoming !== null ? (incoming as Record<string, unknown>) : {};
}

function worded(value: unknown, otherwise: string): string {
  return typeof value === "string" && value.trim() ? value : otherwise;
}

/** What a task shows to a person, and the buttons that finish it. */
export function WorkTask({ id, onDone }: { id: string; onDone: () => void }) {
  const [{ data, error }] = useQuery({
    query: WorkTaskDocument,
    variables: { id },
    requestPolicy: "cache-and-network",
  });
  if (!data?.task) return error ? <Trouble error={error} /> : <Loading what="the task" />;
  return (
    <Suspense fallback={<Loading what="the form" />}>
      <Working task={data.task} onDone={onDone} />
    </Suspense>
  );
}

function Working({ task, onDone }: { task: Task; onDone: () => void }) {
  const client = useClient();
  const viewer = useViewer();
  const who = useNames();
  const [answer, setAnswer] = useState<unknown>(task.form?.data ?? {});
  const [outputs, setOutputs] = useState("{}");
  const [fault, setFault] = useState<{ message: string } | null>(null);
  const [faults, setFaults] = useState<ErrorSchema | undefined>();
  const [busy, setBusy] = useState(false);
  const pressed = useRef<Button>("SUCCESS");
  const shows = texts(task);
  const owner = task.metrics?.owner;
  const isMine = owner === viewer.id;
  const schema = task.form?.schema as RJSFSchema | undefined;
  const isText = ["ViewData", "ViewHTML", "ViewDiff"].includes(task.name ?? "");
  const form = `form-${task.id}`;

  async function claim(document: typeof ClaimTaskDocument | typeof ReleaseTaskDocument) {
    const { error } = await client.mutation(document, { id: task.id }).toPromise();
    setFault(error ?? null);
  }

  async function finish(finishState: Button) {
    const given = schema ? { export: answer } : isText ? null : objectOf(outputs);
    if (typeof given === "string") {
      setFault({ message: given });
      return;
    }
    setBusy(true);
    const asked = { jobId: task.job?.id ?? "", taskId: task.taskId ?? "", finishState, variables: given };
    const { error } = await client.mutation(FinishTaskDocument, asked).toPromise();
    setBusy(false);
    setFault(error ?? null);
    if (!error) {
      onDone();
    } else if (schema) {
      const { faultsOf } = await import("../forms/faults");
      setFaults(faultsOf(error, "/export"));
    }
  }

  function press(state: Button) {
    pressed.current = state;
    if (!schema) void finish(state);
    // A form is checked before it is sent.
    else document.querySelector<HTMLFormElement>(`[id="${form}"]`)?.requestSubmit();
  }

  const why = refusal(viewer, "finishManualTask") ?? (owner && !isMine ? `${who(owner)} works this task.` : null);
  return (
    <div className="stack">
      <h3>{worded(shows["header"], "This task waits for a person")}</h3>
      {typeof shows["message"] === "string" && <p>{filled(shows["message"], shows["variables"])}</p>}
      <Shown body={shows["body"]} variables={shows["variables"]} />
      {["1", "2"].map(
        (side) =>
          `value${side}` in shows && (
            <Tree key={side} value={shows[`value${side}`]} what={worded(shows[`label${side}`], `Value ${side}`)} />
          ),
      )}
      {schema && (
        <SchemaForm
          id={form}
          schema={schema}
          uiSchema={(task.form?.uiSchema ?? {}) as UiSchema}
          value={answer}
          {...(faults && { faults })}
          onChange={setAnswer}
          onSubmit={() => void finish(pressed.current)}
        />
      )}
      {!schema && !isText && (
        <>
          <Tree value={shows} what="What it was given" />
          <JsonField label="Outputs" hint="An object of the task's outputs." value={outputs} onChange={setOutputs} />
        </>
      )}
      {fault && <Trouble error={fault} />}
      <div className="row">
        <Act className="primary" why={busy ? "It is being sent." : why} onAct={() => press("SUCCESS")}>
          {worded(shows["btn_success"], "Finish")}
        </Act>
        <Act why={busy ? "It is being sent." : why} onAct={() => press("FAILURE")}>
          {worded(shows["btn_failure"], "Finish with failure")}
        </Act>
        <span className="grow" />
        {!owner && (
          <Act className="plain" why={refusal(viewer, "claimTask")} onAct={() => void claim(ClaimTaskDocument)}>
            Claim
          </Act>
        )}
        {isMine && (
          <Act className="plain" why={refusal(viewer, "releaseTask")} onAct={() => void claim(ReleaseTaskDocument)}>
            Release
          </Act>
        )}
      </div>
      <Assign task={task} onFault={setFault} />
      <p className="quiet small">
        {owner ? `Claimed by ${isMine ? "you" : who(owner)}` : "Nobody has claimed it"}, waits since{" "}
        <Time at={task.metrics?.startTime} />
        {task.job && (
          <>
            , of <Link href={`/jobs/${task.job.id}?task=${task.taskId}`}>{task.job.name ?? task.job.id}</Link>
          </>
        )}
      </p>
    </div>
  );
}
