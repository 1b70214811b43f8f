import type { ReactNode } from "react";
import { DataTable, useWords, type Column } from "@doppelwerk/kit/studio";
import { differencesOf } from "./differences.ts";
import type { RecordedContent } from "./recorded.ts";

/** Differences shown; of more, their number is said. */
const MAX_DIFFERENCES = 200;

/** Attributes that the screens have words for. */
const SAID: ReadonlySet<string> = new Set(
  "value min max first second displayName description semanticId qualifiers valueType entityType globalAssetId assetType assetKind specificAssetIds".split(
    " ",
  ),
);

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
  const columns: readonly Column<(typeof differences)[number]>[] = [
    {
      title: t("changes.what"),
      className: "dw-breaks",
      cell: ({ place, modelType }) => (
        <>
          <Place place={place} />
          {modelType !== undefined && <small>{t.or(`assets.explorer.kind.${modelType}`, modelType)}</small>}
        </>
      ),
    },
    {
      title: t("changes.before"),
      className: "dw-breaks",
      cell: ({ kind, before: was }) => (kind === "added" ? "–" : <del>{was || t("assets.explorer.there")}</del>),
    },
    {
      title: t("changes.after"),
      className: "dw-breaks",
      cell: ({ kind, after: is }) => (kind === "removed" ? "–" : <ins>{is || t("assets.explorer.there")}</ins>),
    },
  ];
  return (
    <>
      <h3 className="dw-small-title">{title}</h3>
      {differences.length === 0 ? (
        <p className="dw-quiet">{none}</p>
      ) : (
        <DataTable
          caption={title}
          className="dw-differences"
          columns={columns}
          rows={differences.slice(0, MAX_DIFFERENCES)}
          keyOf={({ place }) => place}
          rowClass={({ kind }) => `is-${kind}`}
          isDense
        />
      )}
      {differences.length > MAX_DIFFERENCES && (
        <small>{t("assets.explorer.moreDifferences", { count: differences.length - MAX_DIFFERENCES })}</small>
      )}
    </>
  );
}

/** `Motor.Speed#value`: the element, and beneath it which of its attributes. */
function Place({ place }: { readonly place: string }): ReactNode {
  const { t } = useWords();
  const [path = "", name] = place.split("#");
  const attribute = name === undefined ? undefined : SAID.has(name) ? t.or(`assets.explorer.${name}`, name) : name.replace(/ .*/, "");
  if (path === "") return attribute ?? t("assets.explorer.whole");
  return (
    <>
      {path}
      {attribute !== undefined && <small>{attribute}</small>}
    </>
  );
}
