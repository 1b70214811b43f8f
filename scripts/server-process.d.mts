export const serverFlags: readonly string[];
export function serverEnvironment(environment: Readonly<Record<string, string | undefined>>): Record<string, string | undefined>;
