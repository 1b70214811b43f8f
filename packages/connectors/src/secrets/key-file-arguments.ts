import { openWithKeyFile, sealKeyFileInUse } from "@doppelwerk/storage/sealing";

/** Arguments of a process that reads secrets: where the key is that they are sealed with. The key itself passes through no message. */
export function keyFileArguments(): string[] {
  const file = sealKeyFileInUse();
  return file === undefined ? [] : [file];
}

/** In such a process. */
export function useKeyFileArgument(): void {
  openWithKeyFile(process.argv[2]);
}
