/** Does something again when it is asked for meanwhile, never twice at once, and with the pause in between that it says. */
export function repeated(act: () => Promise<number>): { (): void; stop: () => void } {
  let isBusy = false;
  let again = false;
  async function run(): Promise<void> {
    do {
      again = false;
      const pause = await act();
      await new Promise((done) => setTimeout(done, pause));
    } while (again);
    isBusy = false;
  }
  function ask(): void {
    again = true;
    if (isBusy) return;
    isBusy = true;
    void run();
  }
  ask.stop = () => {
    again = false;
  };
  return ask;
}
