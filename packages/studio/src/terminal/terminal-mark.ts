const KEY = "doppelwerk.terminal";

/** Whether this browser was made a shared terminal; the cookie that says so to the server is read by no page. */
export const isTerminal = (): boolean => localStorage.getItem(KEY) !== null;
export const markTerminal = (name: string): void => localStorage.setItem(KEY, name);
export const unmarkTerminal = (): void => localStorage.removeItem(KEY);
