import type { ReactNode } from "react";
import { useWords } from "../session/context.tsx";
import { differencesOf } from "./differences.ts";
import type { RecordedContent } from "./recorded.ts";

/** Differences shown; of more, their number is said. */
const MOST = 200;

/** Where two versions differ, place by place. */
export function Differences({
  title,
  before,
  after,
  none,
}: {
  readonly title: string;
  readonly before: RecordedContent | undefined;
  readonly after: RecordedContent | undefined;
  readonly none: string;
}): ReactNode {
  const { t } = useWords();
  const differences = differencesOf(before, after);
  return (
    <>
      <h3 className="dw-small-title">{title}</h3>
      {differences.length === 0 ? (
        <p className="dw-quiet">{none}</p>
      ) : (
        <table className="dw-table dw-differences">
          <thead>
            <tr>
              <th>{t("changes.what")}</th>
              <th>{t("changes.before")}</th>
              <th>{t("changes.after")}</th>
            </tr>
          </thead>
          <tbody>
            {differences.slice(0, MOST).map(({ place, kind, before: was, after: is }) => (
              <tr key={place} className={`is-${kind}`}>
                <td className="dw-breaks">{place === "" ? t("explorer.whole") : place}</td>
                <td className="dw-breaks">{kind === "added" ? "–" : <del>{was}</del>}</td>
                <td className="dw-breaks">{kind === "removed" ? "–" : <ins>{is}</ins>}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {differences.length > MOST && <small>{t("explorer.moreDifferences", { count: differences.length - MOST })}</small>}
    </>
  );
}
