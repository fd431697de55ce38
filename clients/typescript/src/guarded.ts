/** An error of one watcher is its own: it is reported as uncaught, and the others go on. */
export function guarded(call: () => void): void {
  try {
    call();
  } catch (error) {
    queueMicrotask(() => {
      throw error;
    });
  }
}
