import type { ReactNode } from "react";
import type { AccessChange, MergeRequestDetail } from "@doppelwerk/client";
import { Card, DataTable, Failure, useLoad, useMayAdminister, useStudio, useWords, type Column } from "@doppelwerk/kit/studio";

const DECIDING: ReadonlySet<string> = new Set(["accessRules", "placeRoles"]);

/** To who administers: who would gain and lose what once the access rules and roles at places of a request are merged. */
export function AccessChangesCard({ request: { branch, diffItems } }: { readonly request: MergeRequestDetail }): ReactNode {
  const isConcerned = diffItems.some(({ kind }) => DECIDING.has(kind));
  const mayAdminister = useMayAdminister();
  return isConcerned && mayAdminister === true ? <Changes branch={branch} /> : null;
}

function Changes({ branch }: { readonly branch: string }): ReactNode {
  const { client } = useStudio();
  const { t } = useWords();
  const loaded = useLoad((signal) => client.accessChanges(branch, { signal }), [branch]);
  return (
    <Card title={t("changes.access")} note={t("changes.access.note")}>
      {loaded.value === undefined ? (
        loaded.kind === "failed" ? (
          <Failure message={loaded.message} code={loaded.code} onRetry={loaded.reload} />
        ) : (
          <p className="dw-quiet">{t("frame.loading")}</p>
        )
      ) : (
        <>
          <People title={t("changes.access.read")} people={loaded.value.people} />
          <People title={t("changes.access.places")} people={loaded.value.atPlaces} />
        </>
      )}
    </Card>
  );
}

function People({ title, people }: { readonly title: string; readonly people: readonly AccessChange[] }): ReactNode {
  const { t } = useWords();
  const columns: readonly Column<AccessChange>[] = [
    { title: t("changes.access.who"), cell: ({ name }) => name },
    { title: t("changes.access.lost"), isNumber: true, cell: ({ lost }) => lost },
    { title: t("changes.access.gained"), isNumber: true, cell: ({ gained }) => gained },
    {
      title: t("changes.access.examples"),
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
    <>
      <h4>{title}</h4>
      {people.length === 0 ? (
        <p className="dw-quiet">{t("changes.access.same")}</p>
      ) : (
        <DataTable caption={title} columns={columns} rows={people} keyOf={({ id }) => id} />
      )}
    </>
  );
}
