/** Calls `act` at each Ctrl-C instead of ending the process; disposing gives Ctrl-C its usual meaning back. */
export function onInterrupt(act: (times: number) => void): Disposable {
  let times = 0;
  const listener = (): void => act((times += 1));
  process.on("SIGINT", listener);
  return { [Symbol.dispose]: () => void process.off("SIGINT", listener) };
}
