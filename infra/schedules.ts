/** What runs by the clock alone; everything else that waits is a durable timer, which the tick fires. */
export const schedules = {
  tick: {
    everyMinutes: 1,
    /** A tick that comes late does the work of those that were missed, so an old one need not be repeated. */
    retries: 2,
    maximumAgeSeconds: 300,
  },
  reconcileApprovals: {
    everyMinutes: 24 * 60,
    retries: 2,
    maximumAgeSeconds: 3600,
  },
} as const;
