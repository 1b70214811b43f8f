import type { ReactNode } from "react";
import type { AccessChange } from "@doppelwerk/client";
import { DataTable, useWords, type Column } from "@doppelwerk/ui";

/** Who would gain and lose what. */
export function AccessPreview({
  people,
  isOfPlaces = false,
}: {
  readonly people: readonly AccessChange[];
  readonly isOfPlaces?: boolean;
}): ReactNode {
  const { t } = useWords();
  if (people.length === 0) return <p role="status">{t(isOfPlaces ? "settings.placesSame" : "settings.accessSame")}</p>;
  const columns: readonly Column<AccessChange>[] = [
    { title: t("settings.accountName"), cell: ({ name }) => name },
    { title: t("settings.accessLost"), cell: ({ lost }) => lost, className: "is-number" },
    { title: t("settings.accessGained"), cell: ({ gained }) => gained, className: "is-number" },
    {
      title: t("settings.accessExamples"),
      cell: ({ examples }) => (
        <small className="dw-quiet">
          {examples
            .slice(0, 3)
            .map(({ id, change }) => `${change === "lost" ? "−" : "+"} ${id}`)
            .join("  ")}
        </small>
      ),
    },
  ];
  return (
    <div role="status">
      <DataTable
        caption={t(isOfPlaces ? "settings.placesPreview" : "settings.accessPreview")}
        className="dw-written"
        columns={columns}
        rows={people}
        keyOf={({ id }) => id}
      />
    </div>
  );
}
