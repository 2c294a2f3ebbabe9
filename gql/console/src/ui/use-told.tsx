import { useState, type ReactNode } from "react";
import { Trouble } from "./parts";

interface Result {
  error?: { message: string } | undefined;
}

/** Does something and tells what came of it: the word where it was done, the error where it was not. */
export function useTold(): [told: ReactNode, act: (word: string, doing: Promise<Result>) => Promise<boolean>] {
  const [fault, setFault] = useState<{ message: string } | null>(null);
  const [done, setDone] = useState("");
  async function act(word: string, doing: Promise<Result>): Promise<boolean> {
    const { error } = await doing;
    setFault(error ?? null);
    setDone(error ? "" : word);
    return !error;
  }
  const told = (
    <>
      {fault && <Trouble error={fault} />}
      {done && <p role="status">{done}</p>}
    </>
  );
  return [told, act];
}
