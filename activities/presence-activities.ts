/** Says that a worker of a queue is there. On a queue of its own, because the workers' other slots may all be taken. */
export const presenceActivities = {
  workerIsHere: async (): Promise<void> => undefined,
};
