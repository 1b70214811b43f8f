import { Button } from "@mantine/core";
import type { ReactNode } from "react";
import type { ConnectionDetail } from "@doppelwerk/client";
import { FindingText, useLoad, useStudio, useWords } from "@doppelwerk/kit/studio";

const MAX_LISTED = 3;

/** The submodels that a connection came from, and what is wrong with them; or the button that writes one. */
export function DescribedBy({ detail, onDescribe }: { readonly detail: ConnectionDetail; readonly onDescribe: () => void }): ReactNode {
  const { t } = useWords();
  const { id, describedBy, undescribed, describable, mayAdminister } = detail;
  return (
    <>
      {undescribed && <p className="dw-note is-trouble">{t("connect.connection.undescribed")}</p>}
      {describedBy.length > 0 && (
        <p className="dw-quiet">
          {t("connect.connection.describedBy")} <code className="dw-url">{describedBy.slice(0, MAX_LISTED).join(", ")}</code>
          {describedBy.length > MAX_LISTED && ` +${describedBy.length - MAX_LISTED}`}
        </p>
      )}
      {describedBy.length > 0 && <InterfaceFindings connection={id} submodels={describedBy} />}
      {describable && mayAdminister && describedBy.length === 0 && (
        <p>
          <Button size="compact-sm" variant="default" onClick={onDescribe}>
            {t("connect.connection.describe")}
          </Button>
        </p>
      )}
    </>
  );
}

function InterfaceFindings({ connection, submodels }: { readonly connection: string; readonly submodels: readonly string[] }): ReactNode {
  const studio = useStudio();
  const { t } = useWords();
  const { value } = useLoad((signal) => studio.client.interfaceFindings(connection, { signal }), [connection, submodels]);
  if (value === undefined || value.findings.length === 0) return null;
  return (
    <details className="dw-connection-settings">
      <summary>{t("plant.findings", { count: value.findings.length + value.more })}</summary>
      <ul className="dw-findings">
        {value.findings.map((finding) => (
          <li key={`${finding.submodel} ${finding.path} ${finding.message}`} title={finding.submodel}>
            {finding.path} <FindingText finding={finding} />
          </li>
        ))}
      </ul>
    </details>
  );
}
