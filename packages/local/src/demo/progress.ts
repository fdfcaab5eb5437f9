/** What the demo tells while it runs. */
export interface Progress {
  /** One thing that happened, with the seconds since the start. */
  step(text: string): void;
  /** More about the last step. */
  detail(text: string): void;
  /** A block of lines as it is. */
  block(text: string): void;
}

export function createProgress(write: (text: string) => void, wallNow: () => number): Progress {
  const start = wallNow();
  const indent = " ".repeat(10);
  return {
    step(text) {
      const seconds = ((wallNow() - start) / 1000).toFixed(1).padStart(6);
      write(`[${seconds} s] ${text}\n`);
    },
    detail(text) {
      write(`${indent} ${text}\n`);
    },
    block(text) {
      write(text.endsWith("\n") ? text : `${text}\n`);
    },
  };
}
