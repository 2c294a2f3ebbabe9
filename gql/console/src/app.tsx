import { lazy, Suspense, useEffect, useState, type ComponentType } from "react";
import { useMutation, useQuery } from "urql";
import { Link, Redirect, Route, Switch, useLocation } from "wouter";
import { ROOT } from "./api/client";
import { useConnection } from "./api/connection";
import { useFresh } from "./api/live";
import { useViewer, ViewerContext } from "./api/viewer";
import { InboxCountDocument, LogoutDocument, ViewerDocument } from "./gql/graphql";
import { Palette } from "./palette";
import { Icon, type IconName } from "./ui/icon";
import { Empty, Loading, Trouble } from "./ui/parts";
import { toggleTheme } from "./ui/theme";

const PAGES: Record<string, ComponentType> = {
  "/jobs": lazy(() => import("./jobs/page")),
  "/jobs/:id": lazy(() => import("./job/page")),
  "/tasks": lazy(() => import("./tasks/page")),
  "/workflows": lazy(() => import("./workflows/page")),
  "/workflows/*": lazy(() => import("./workflows/workflow")),
  "/projects": lazy(() => import("./projects/page")),
  "/projects/:id": lazy(() => import("./projects/project")),
  "/automations": lazy(() => import("./automations/page")),
  "/people": lazy(() => import("./people/page")),
  "/server": lazy(() => import("./server/page")),
};

export function App() {
  const [{ data, error }] = useQuery({ query: ViewerDocument });
  if (!data) return <div className="inside">{error ? <Trouble error={error} /> : <Loading what="the console" />}</div>;
  const { id, username, methods } = data.viewer;
  const viewer = { id, username, methods: new Set(methods.flatMap((of) => of.names)) };
  return (
    <ViewerContext value={viewer}>
      <Shell />
    </ViewerContext>
  );
}

function Shell() {
  const connection = useConnection();
  const [palette, setPalette] = useState(false);
  const [, logout] = useMutation(LogoutDocument);
  const viewer = useViewer();
  useEffect(() => {
    function open(event: KeyboardEvent) {
      if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") {
        event.preventDefault();
        setPalette(true);
      }
    }
    addEventListener("keydown", open);
    return () => removeEventListener("keydown", open);
  }, []);
  return (
    <div className="shell">
      <header className="bar">
        <Link href="/jobs" className="brand">
          jobyard
        </Link>
        <button
          type="button"
          className="open-palette"
          aria-label="Find a job, a workflow"
          onClick={() => setPalette(true)}
        >
          <span className="row">
            <Icon name="search" />
            <span className="wide-only">Find a job, a workflow …</span>
          </span>
          <kbd className="wide-only">Ctrl K</kbd>
        </button>
        <span className="grow" />
        <button type="button" className="plain" aria-label="Light or dark" title="Light or dark" onClick={toggleTheme}>
          <Icon name="light" />
        </button>
        <a className="wide-only" href={new URL("graphql", ROOT).href}>
          API
        </a>
        <span className="quiet wide-only">{viewer.username}</span>
        <button
          type="button"
          className="plain"
          onClick={() => void logout({}).then(() => location.assign(ROOT))}
          title={`Signed in as ${viewer.username}`}
        >
          Sign out
        </button>
      </header>
      <Rail />
      <main className="page" id="page">
        <Suspense fallback={<div className="inside" />}>
          <Switch>
            <Route path="/">
              <Redirect to="/jobs" replace />
            </Route>
            {Object.entries(PAGES).map(([path, Page]) => (
              <Route key={path} path={path}>
                <Page />
              </Route>
            ))}
            <Route>
              <Empty title="There is no such page">
                <Link href="/jobs">To the jobs</Link>
              </Empty>
            </Route>
          </Switch>
        </Suspense>
      </main>
      {connection === "lost" && (
        <div className="banner" role="status">
          Connection lost, catching up as soon as the server answers …
        </div>
      )}
      {palette && <Palette onClose={() => setPalette(false)} />}
    </div>
  );
}

function Rail() {
  const [{ data }, ask] = useQuery({ query: InboxCountDocument, requestPolicy: "cache-and-network" });
  useFresh(ask, 1000);
  const waiting = data?.myTasks.totalCount ?? 0;
  return (
    <nav className="rail" aria-label="Pages">
      <To href="/jobs" icon="jobs" name="Jobs" />
      <To href="/tasks" icon="inbox" name="Inbox" count={waiting} />
      <To href="/workflows" also="/projects" icon="workflows" name="Workflows" />
      <To href="/automations" icon="automations" name="Automations" />
      <To href="/people" icon="people" name="People" />
      <To href="/server" icon="server" name="Server" />
    </nav>
  );
}

interface Entry {
  href: string;
  also?: string;
  icon: IconName;
  name: string;
  count?: number;
}

/** An entry of the rail; `also` is the path of other pages that one reaches from there. */
function To({ href, also = href, icon, name, count = 0 }: Entry) {
  const [path] = useLocation();
  const isCurrent = [href, also].some((one) => path === one || path.startsWith(`${one}/`));
  return (
    <Link href={href} aria-current={isCurrent ? "page" : undefined}>
      <Icon name={icon} />
      {name}
      {count > 0 && (
        <span className="count">
          {count}
          <span className="unseen"> waiting</span>
        </span>
      )}
    </Link>
  );
}
