import type { ReactNode } from "react";
import type { ServerState as State } from "@doppelwerk/client";
import { Card, DataTable, datedText, useWords, type Column } from "@doppelwerk/ui";

const SHOWN = 20;
const DAY = 86_400_000_000;

/** Every certificate that the server depends on, the soonest to expire first. */
export function CertificatesCard({ state: { at, certificates } }: { readonly state: State }): ReactNode {
  const { t, zone, language } = useWords();
  if (certificates.length === 0) return null;
  const columns: readonly Column<State["certificates"][number]>[] = [
    { title: t("server.state.certificateName"), cell: ({ of, name }) => t(`server.state.certificateOf.${of}`, { name }) },
    {
      title: t("server.state.certificateUntil"),
      cell: ({ until, failure }) => {
        const day = datedText(until, at, zone, language);
        return failure === undefined ? day : t("server.state.notRenewed", { day });
      },
    },
    { title: t("server.state.certificateDays"), cell: ({ until }) => Math.floor((until - at) / DAY), isNumber: true },
  ];
  return (
    <Card title={t("server.state.certificates")}>
      <DataTable
        caption={t("server.state.certificates")}
        columns={columns}
        rows={certificates.slice(0, SHOWN)}
        keyOf={({ of, name, until }) => `${of} ${name} ${until}`}
      />
      {certificates.length > SHOWN && (
        <p className="dw-fine">{t("server.state.certificateMore", { shown: SHOWN, total: certificates.length })}</p>
      )}
    </Card>
  );
}
