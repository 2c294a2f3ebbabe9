import { useEffect } from "react";
import { useQuery } from "urql";
import { ROOT } from "../api/client";
import { refusal, useViewer } from "../api/viewer";
import { ServerDocument, SettingsDocument, type ServerQuery } from "../gql/graphql";
import { Empty, Loading, StateBadge, Time, Trouble } from "../ui/parts";
import { duration } from "../ui/time";
import { Tree } from "../ui/tree";

const AGAIN = 5000; // milliseconds

interface Health {
  version: string;
  release: string;
  uptime: number;
  pid: number;
  memoryUsage?: { rss?: number };
}

interface Status {
  host: string;
  serverId: string;
  services: { service: string; status: string }[];
}

interface Machine {
  freemem: number;
  totalmem: number;
  loadavg: number[];
}

interface Workers {
  jobWorker?: { running?: boolean };
  taskWorker?: { running?: boolean };
}

function megabytes(bytes: number | undefined): string {
  return bytes === undefined ? "–" : `${Math.round(bytes / 1024 / 1024).toLocaleString("en")} MB`;
}

/** All servers on the database: which of them are alive, and how many jobs each drives. */
function Processes({ processes }: { processes: ServerQuery["serverProcesses"] }) {
  return (
    <section className="card stack" aria-label="Servers on this database">
      <h2>Servers on this database</h2>
      {processes.map((one) => (
        <div key={one.id} className="row">
          <StateBadge state={one.alive ? "complete" : "error"} word={one.alive ? "Alive" : "Silent"} />
          <span className="id">{one.id}</span>
          {one.current && <span className="quiet">this one</span>}
          <span className="grow" />
          <span>
            {one.jobs.toLocaleString("en")} {one.jobs === 1 ? "job" : "jobs"}
          </span>
          {!one.alive && (
            <span className="quiet small">
              seen <Time at={one.seen} />
              {one.jobs > 0 && "; another server takes them over"}
            </span>
          )}
        </div>
      ))}
    </section>
  );
}

export default function Server() {
  const viewer = useViewer();
  const refused = refusal(viewer, "getServerHealth");
  const [{ data, error }, ask] = useQuery({
    query: ServerDocument,
    requestPolicy: "cache-and-network",
    pause: refused !== null,
  });
  const [{ data: settings }] = useQuery({ query: SettingsDocument, pause: refused !== null });
  useEffect(() => {
    if (refused !== null) return;
    const timer = setInterval(() => ask({ requestPolicy: "network-only" }), AGAIN);
    return () => clearInterval(timer);
  }, [ask, refused]);

  if (!data) {
    return (
      <div className="inside">
        <h1>Server</h1>
        {refused ? (
          <Empty title={refused} />
        ) : error ? (
          <Trouble error={error} />
        ) : (
          <Loading what="the server's health" />
        )}
      </div>
    );
  }
  const health = data.serverHealth as Health;
  const status = data.healthStatus as Status;
  const machine = data.systemHealth as Machine;
  const workers = data.workerStatus as Workers;
  const adapters = (data.adapters as { results?: unknown[] } | null)?.results ?? [];
  return (
    <div className="inside">
      <h1>Server</h1>
      {error && <Trouble error={error} />}
      <div className="cards">
        <section className="card stack" aria-label="This server">
          <h2>This server</h2>
          <dl className="facts">
            <dt>Version</dt>
            <dd>
              {health.version}, as {health.release}
            </dd>
            <dt>Host</dt>
            <dd>
              {status.host}, process {health.pid}
            </dd>
            <dt>Id</dt>
            <dd className="id">{status.serverId}</dd>
            <dt>Up for</dt>
            <dd>{duration(health.uptime * 1000)}</dd>
            <dt>Memory</dt>
            <dd>{megabytes(health.memoryUsage?.rss)}</dd>
            <dt>Jobs and tasks</dt>
            <dd>{workers.jobWorker?.running && workers.taskWorker?.running ? "are worked" : "are not worked"}</dd>
          </dl>
        </section>
        <Processes processes={data.serverProcesses} />
        <section className="card stack" aria-label="Database">
          <h2>Database</h2>
          {status.services.length === 0 && <p className="quiet">In memory: nothing survives the server.</p>}
          {status.services.map((one) => (
            <div key={one.service} className="row">
              <span>{one.service}</span>
              <StateBadge state={one.status === "running" ? "complete" : "error"} word={one.status} />
            </div>
          ))}
        </section>
        <section className="card stack" aria-label="Machine">
          <h2>Machine</h2>
          <dl className="facts">
            <dt>Memory free</dt>
            <dd>
              {megabytes(machine.freemem)} of {megabytes(machine.totalmem)}
            </dd>
            <dt>Load</dt>
            <dd>{machine.loadavg.map((one) => one.toFixed(2)).join(" · ")}</dd>
          </dl>
        </section>
        <section className="card stack" aria-label="For programs">
          <h2>For programs</h2>
          <p>
            <a href={new URL("graphql", ROOT).href}>GraphQL playground</a>
          </p>
          <p>
            <a href={new URL("help/openapi", ROOT).href}>REST routes (OpenAPI 3.1)</a>
          </p>
          <p>
            <a href={new URL("help/tasks", ROOT).href}>The built-in tasks</a>
          </p>
        </section>
      </div>
      {adapters.length > 0 && <Tree value={adapters} what="Adapters" />}
      {settings && <Tree value={settings.serverSettings} what="Settings, without secrets" />}
    </div>
  );
}
