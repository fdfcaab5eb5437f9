/** A rejected promise leaves resources that never register: the run would wait for them for ever. */
export const stopSoonAfter = (errors: readonly unknown[]) =>
  new Promise<never>((_, reject) => {
    setInterval(() => {
      if (errors.length > 0) reject(new Error("stopped after the errors above"));
    }, 500);
  });
