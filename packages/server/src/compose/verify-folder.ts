export async function verifyDataFolder(_directory: string): Promise<{ entries: number; records: number; findings: readonly string[] }> {
  throw new Error("not yet");
}
