import type { ReactNode } from "react";
import { useWords, ViewFence } from "@doppelwerk/kit/studio";

/** Columns of the table at most. */
const COLUMNS = 9;

interface Props {
  /** What it is, in the reader's words. */
  readonly name: string;
  /** The instant that it shows: with the next answer it is tried again. */
  readonly at: number;
  readonly children: ReactNode;
}

/** A card or another part of a board: where it cannot be shown it says so, and the rest of the board stands. */
export function BoardPart({ name, at, children }: Props): ReactNode {
  return (
    <ViewFence name={name} at={String(at)} failed={(failure, retry) => <FailedPart failure={failure} onRetry={retry} />}>
      {children}
    </ViewFence>
  );
}

/** A row of the table, or a few: where it cannot be shown the other rows are. */
export function TablePart({ name, at, children }: Props): ReactNode {
  return (
    <ViewFence
      name={name}
      at={String(at)}
      failed={(failure, retry) => (
        <tr>
          <td colSpan={COLUMNS}>
            <FailedPart failure={failure} onRetry={retry} />
          </td>
        </tr>
      )}
    >
      {children}
    </ViewFence>
  );
}

function FailedPart({ failure, onRetry }: { readonly failure: string; readonly onRetry: () => void }): ReactNode {
  const { t } = useWords();
  return (
    <span className="dw-place-failed" role="alert">
      {t("places.board.partFailed", { failure })}{" "}
      <button type="button" className="dw-place-oee" onClick={onRetry}>
        {t("frame.retry")}
      </button>
    </span>
  );
}
