import { useState } from "react";
import { Search } from "./parts";

export interface Named {
  id: string;
  name?: string | null;
}

const MANY = 12; // from so many on they are searched

/** Ticks for what one is in, or has. */
export function Ticks({
  legend,
  choices,
  chosen,
  why = null,
  onChange,
}: {
  legend: string;
  choices: Named[];
  chosen: string[];
  /** Why they may not be changed. */
  why?: string | null;
  onChange: (chosen: string[]) => void;
}) {
  const [wanted, setWanted] = useState("");
  const sought = wanted.trim().toLowerCase();
  const shown = choices.filter(({ id, name }) => (name ?? id).toLowerCase().includes(sought));
  return (
    <fieldset className="stack" title={why ?? undefined}>
      <legend>
        {legend} <span className="quiet small">{chosen.length > 0 && chosen.length}</span>
      </legend>
      {choices.length === 0 && <p className="quiet">There are none.</p>}
      {choices.length > MANY && (
        <Search label={`Find among the ${legend.toLowerCase()}`} value={wanted} onChange={setWanted} />
      )}
      <div className="ticks" tabIndex={why === null ? undefined : 0}>
        {shown.map(({ id, name }) => (
          <label key={id} className="row">
            <input
              type="checkbox"
              disabled={why !== null}
              checked={chosen.includes(id)}
              onChange={(event) =>
                onChange(event.target.checked ? [...chosen, id] : chosen.filter((one) => one !== id))
              }
            />
            {name ?? id}
          </label>
        ))}
      </div>
    </fieldset>
  );
}
