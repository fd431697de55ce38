/** Both languages tell one from all others. */
export const plural = (n: number, one: string, other: string): string => (n === 1 ? one : other);
