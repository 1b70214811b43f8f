import type { DocumentVersion } from "@doppelwerk/client";
import { aasOf, useLoad, useScope, useStore, useStudio } from "@doppelwerk/kit/studio";
import { ifThere, read } from "./aas-access.ts";
import { recordedPath } from "./recorded.ts";
import type { Recorded, RecordedContent } from "./recorded.ts";

/** What a commit wrote, what was there before it, and what is there now; undefined = nothing. */
interface VersionContents {
  readonly written: RecordedContent | undefined;
  readonly before: RecordedContent | undefined;
  readonly now: RecordedContent | undefined;
}

export function useVersion(
  of: Recorded,
  version: DocumentVersion,
  previous: DocumentVersion | undefined,
): ReturnType<typeof useLoad<VersionContents>> {
  const studio = useStudio();
  const { branch } = useScope();
  const commits = useStore(studio.commits);
  const contentAt = (date: number, signal?: unknown) =>
    ifThere(
      read<RecordedContent>(
        aasOf(studio, branch),
        `${recordedPath(of)}/$history?extent=withBlobValue&date=${encodeURIComponent(dateOf(date))}`,
        signal,
      ),
    );
  return useLoad(
    async (signal) => {
      const [written, before, now] = await Promise.all([
        contentAt(version.at, signal),
        previous === undefined ? undefined : contentAt(previous.at, signal),
        ifThere(read<RecordedContent>(aasOf(studio, branch), `${recordedPath(of)}?extent=withBlobValue`, signal)),
      ]);
      return { written, before, now };
    },
    [version.revision, previous?.revision, recordedPath(of), branch],
    undefined,
    commits,
  );
}

/** RFC 3339 with microseconds: the date of `$history` must not be before the commit. */
function dateOf(at: number): string {
  return `${new Date(Math.floor(at / 1000)).toISOString().slice(0, -1)}${String(Math.floor(at) % 1000).padStart(3, "0")}Z`;
}
