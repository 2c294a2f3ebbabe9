import "./graph.css";
import {
  Controls,
  Handle,
  MarkerType,
  MiniMap,
  Position,
  ReactFlow,
  ReactFlowProvider,
  useReactFlow,
  type Edge,
  type Node,
  type NodeProps,
} from "@xyflow/react";
import { createContext, memo, use, useEffect, useMemo, useRef, useState, type ReactNode } from "react";
import type { FinishState, TransitionType } from "../gql/graphql";
import { Icon } from "../ui/icon";
import { Loading, Search } from "../ui/parts";
import { WORDS, type State } from "../ui/state";
import { asDrawn, HEIGHT, WIDTH, type Drawn, type Place } from "./layout";
import { laidOut } from "./laid-out";

export interface GraphTask extends Drawn {
  title: string;
  method: string;
  state: State;
  /** In place of the state's word, such as how far a loop is. */
  word?: string;
  finishState?: FinishState | null;
  /** It has started child jobs. */
  isParent?: boolean;
}

export interface GraphEdge {
  source: string;
  target: string;
  state?: FinishState | null;
  type?: TransitionType | null;
}

type TaskNodeType = Node<{ task: GraphTask }, "task">;

/** What changes with a click or a letter of the search, and must not make thousands of nodes anew. */
interface Marks {
  chosen: string | null | undefined;
  againIds: ReadonlySet<string> | undefined;
  sought: string;
  onChoose: ((id: string) => void) | undefined;
  childrenOf: ((id: string) => ReactNode) | undefined;
}

const MarksContext = createContext<Marks>({
  chosen: null,
  againIds: undefined,
  sought: "",
  onChoose: undefined,
  childrenOf: undefined,
});

function fits(task: GraphTask, sought: string): boolean {
  return sought !== "" && `${task.title} ${task.method} ${task.taskId}`.toLowerCase().includes(sought);
}

const TaskNode = memo(function TaskNode({ data: { task } }: NodeProps<TaskNodeType>) {
  const { chosen: chosenId, againIds, sought, onChoose, childrenOf } = use(MarksContext);
  const children = task.isParent && childrenOf?.(task.taskId);
  const chosen = task.taskId === chosenId;
  const again = !!againIds?.has(task.taskId);
  const found = fits(task, sought);
  const marks = `${chosen ? " chosen" : ""}${again ? " again" : ""}${found ? " found" : ""}`;
  return (
    <>
      <Handle id="left" type="target" position={Position.Left} />
      <Handle id="top" type="target" position={Position.Top} />
      <button
        type="button"
        className={`node nodrag of-${task.state}${marks}`}
        title={`${task.title}\n${task.method} (${task.taskId})`}
        onClick={() => onChoose?.(task.taskId)}
      >
        <span className="title">{task.title}</span>
        <span className="below">
          <Icon name={task.state} />
          {again ? "runs again" : (task.word ?? WORDS[task.state])}
          {task.method && task.method !== task.title && !children && <span className="method">{task.method}</span>}
        </span>
      </button>
      {children}
      <Handle id="right" type="source" position={Position.Right} />
      <Handle id="bottom" type="source" position={Position.Bottom} />
    </>
  );
});

const TYPES = { task: TaskNode };
const SIZE = { width: WIDTH, height: HEIGHT };
// Nodes that do not say where their handles are, are all drawn once to find out, however far away they are.
const HANDLES: NonNullable<Node["handles"]> = [
  { id: "left", type: "target", position: Position.Left, x: 0, y: HEIGHT / 2, width: 1, height: 1 },
  { id: "top", type: "target", position: Position.Top, x: WIDTH / 2, y: 0, width: 1, height: 1 },
  { id: "right", type: "source", position: Position.Right, x: WIDTH, y: HEIGHT / 2, width: 1, height: 1 },
  { id: "bottom", type: "source", position: Position.Bottom, x: WIDTH / 2, y: HEIGHT, width: 1, height: 1 },
];

/** Downwards where the target is below and not beside: an author may draw from top to bottom. */
function sidesOf(source: Place | undefined, target: Place | undefined): { sourceHandle: string; targetHandle: string } {
  const isBelow = !!source && !!target && target.x < source.x + WIDTH && target.y >= source.y + HEIGHT;
  return isBelow ? { sourceHandle: "bottom", targetHandle: "top" } : { sourceHandle: "right", targetHandle: "left" };
}
const MOST_WITH_MAP = 1500;
const MANY = 300;
const MOST_FITTED = 40; // tasks that are all shown again when the room for them changes
const FIT = { maxZoom: 1, padding: 0.1 };

const KINDS: Record<string, string> = { FAILURE: "failure", ERROR: "error", LOOP: "loop", REVERT: "back" };

function edgeOf(edge: GraphEdge, from: GraphTask | undefined, places: Map<string, Place> | null): Edge {
  const kind = edge.type === "REVERT" ? "REVERT" : (edge.state ?? "SUCCESS");
  const isTaken = !!from && from.state === "complete" && (from.finishState ?? "SUCCESS") === edge.state;
  const isError = !!from && from.state === "error" && edge.state === "ERROR";
  return {
    id: `${edge.source}>${edge.target}:${kind}`,
    source: edge.source,
    target: edge.target,
    ...sidesOf(places?.get(edge.source), places?.get(edge.target)),
    className: `kind-${kind}${isTaken || isError ? " taken" : ""}`,
    ...(KINDS[kind] && { label: KINDS[kind] }),
    markerEnd: { type: MarkerType.ArrowClosed },
    focusable: false,
  };
}

/** The entries of the list, as the objects of before where nothing of an entry changed: React Flow skips those. */
function kept<Item extends { id: string }>(before: Map<string, Item>, items: Item[]): Item[] {
  const list = items.map((item) => {
    const known = before.get(item.id);
    return known && isSame(known, item) ? known : item;
  });
  before.clear();
  for (const item of list) before.set(item.id, item);
  return list;
}

function isSame(one: unknown, other: unknown): boolean {
  if (Object.is(one, other)) return true;
  if (typeof one !== "object" || typeof other !== "object" || one === null || other === null) return false;
  const keys = Object.keys(one);
  return (
    keys.length === Object.keys(other).length &&
    keys.every((key) => isSame((one as Record<string, unknown>)[key], (other as Record<string, unknown>)[key]))
  );
}

function viewportAt(place: Place | null | undefined): { x: number; y: number; zoom: number } {
  const zoom = 0.6;
  return place ? { x: 400 - place.x * zoom, y: 200 - place.y * zoom, zoom } : { x: 30, y: 30, zoom };
}

export default function Graph(props: Parameters<typeof Canvas>[0]) {
  return (
    <ReactFlowProvider>
      <Canvas {...props} />
    </ReactFlowProvider>
  );
}

function Canvas({
  tasks,
  edges,
  chosen,
  again,
  onChoose,
  childrenOf,
  withStates = true,
}: {
  tasks: GraphTask[];
  edges: GraphEdge[];
  chosen?: string | null | undefined;
  /** Tasks that a repair would run again. */
  again?: ReadonlySet<string>;
  onChoose?: (id: string) => void;
  /** What is shown at a task of the child jobs that it started. */
  childrenOf?: (id: string) => ReactNode;
  withStates?: boolean;
}) {
  const flow = useReactFlow();
  const shape = useMemo(
    () => JSON.stringify([tasks.map((task) => task.taskId), edges.map((edge) => [edge.source, edge.target])]),
    [edges, tasks.length], // eslint-disable-line react-hooks/exhaustive-deps -- states change, ids do not
  );
  const [laid, setLaid] = useState<{ shape: string; places: Map<string, Place> } | null>(null);
  const [hidesDone, setHidesDone] = useState(false);
  const [wanted, setWanted] = useState("");
  const drawn = useMemo(() => asDrawn(tasks), [shape]); // eslint-disable-line react-hooks/exhaustive-deps -- states change, places do not
  const [isAutomatic, setAutomatic] = useState(false);
  const usesDrawn = drawn !== null && !isAutomatic;

  useEffect(() => {
    if (usesDrawn) return;
    let isCurrent = true;
    void laidOut(shape, tasks, edges).then((places) => isCurrent && setLaid({ shape, places }));
    return () => {
      isCurrent = false;
    };
  }, [shape, usesDrawn]); // eslint-disable-line react-hooks/exhaustive-deps -- the layout follows from the shape alone

  const canvas = useRef<HTMLDivElement>(null);
  const isLarge = tasks.length > MANY;
  // Where a large one is looked at first: where the job stands.
  const focus = chosen ?? tasks.find((task) => !["complete", "incomplete"].includes(task.state))?.taskId;
  const isSmall = tasks.length <= MOST_FITTED;
  useEffect(() => {
    if (!canvas.current || !isSmall) return;
    const observer = new ResizeObserver(() => void flow.fitView(FIT));
    observer.observe(canvas.current);
    return () => observer.disconnect();
  }, [flow, isSmall]);

  const places = usesDrawn ? drawn : laid?.shape === shape ? laid.places : null;
  const counts = new Map<State, number>();
  for (const task of tasks) counts.set(task.state, (counts.get(task.state) ?? 0) + 1);
  const sought = wanted.trim().toLowerCase();
  const marks = useMemo(
    () => ({ chosen, againIds: again, sought, onChoose, childrenOf }),
    [chosen, again, sought, onChoose, childrenOf],
  );
  const [before] = useState(() => ({ nodes: new Map<string, TaskNodeType>(), lines: new Map<string, Edge>() }));
  const unhidden = hidesDone ? chosen : null;
  const nodes = useMemo(
    () =>
      kept(
        before.nodes,
        (places ? tasks : [])
          .filter((task) => !hidesDone || task.state !== "complete" || task.taskId === unhidden)
          .map((task): TaskNodeType => ({
            id: task.taskId,
            type: "task",
            position: places?.get(task.taskId) ?? { x: 0, y: 0 },
            ...SIZE,
            measured: SIZE,
            handles: HANDLES,
            data: { task },
          })),
      ),
    [before, places, tasks, hidesDone, unhidden],
  );
  const lines = useMemo(() => {
    const byId = new Map(nodes.map((node) => [node.id, node.data.task]));
    return kept(
      before.lines,
      edges
        .filter((edge) => byId.has(edge.source) && byId.has(edge.target))
        .map((edge) => edgeOf(edge, byId.get(edge.source), places)),
    );
  }, [before, nodes, edges, places]);

  return (
    <div className="graph">
      <div className="row small">
        <Search
          label="Find a task"
          value={wanted}
          onChange={setWanted}
          onEnter={() => {
            const found = nodes.filter((node) => fits(node.data.task, sought)).map(({ id }) => ({ id }));
            if (found.length > 0) void flow.fitView({ nodes: found, maxZoom: 1, duration: 0 });
          }}
        />
        {withStates &&
          [...counts].map(([state, count]) => (
            <span key={state} className={`state of-${state}`}>
              <Icon name={state} />
              {count} {WORDS[state].toLowerCase()}
            </span>
          ))}
        <span className="grow" />
        {withStates && (
          <label className="row">
            <input type="checkbox" checked={hidesDone} onChange={(event) => setHidesDone(event.target.checked)} />
            Hide what is done
          </label>
        )}
        {drawn && (
          <label className="row">
            <input type="checkbox" checked={isAutomatic} onChange={(event) => setAutomatic(event.target.checked)} />
            Automatic layout
          </label>
        )}
      </div>
      <div className="canvas" ref={canvas}>
        {places ? (
          <MarksContext value={marks}>
            <ReactFlow
              nodes={nodes}
              edges={lines}
              nodeTypes={TYPES}
              nodesDraggable={false}
              nodesConnectable={false}
              nodesFocusable={false}
              elementsSelectable={false}
              onlyRenderVisibleElements={isLarge}
              minZoom={isLarge ? 0.12 : 0.05}
              {...(isLarge
                ? { defaultViewport: viewportAt(focus === undefined ? null : places.get(focus)) }
                : { fitView: true })}
              fitViewOptions={FIT}
              aria-label="The workflow as a graph"
            >
              <Controls showInteractive={false} />
              {tasks.length <= MOST_WITH_MAP && tasks.length > 12 && (
                <MiniMap pannable zoomable className="wide-only" />
              )}
            </ReactFlow>
          </MarksContext>
        ) : (
          <Loading what="the layout" />
        )}
      </div>
    </div>
  );
}
