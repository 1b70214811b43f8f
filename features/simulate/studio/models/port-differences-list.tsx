import type { ReactNode } from "react";
import type { ModelDetail } from "@doppelwerk/client";
import { useWords } from "@doppelwerk/kit/studio";
import { portDifferences } from "./port-differences.ts";

const MAX_DRAWN = 300;

/** How the ports of the version shown differ from those of the other one. */
export function PortDifferences({ shown, other }: { readonly shown: ModelDetail; readonly other: ModelDetail }): ReactNode {
  const { t } = useWords();
  const differences = portDifferences(other.ports, shown.ports);
  if (differences.length === 0) return <p className="dw-quiet">{t("simulate.models.samePorts")}</p>;
  return (
    <ul className="dw-port-differences">
      {differences.slice(0, MAX_DRAWN).map(({ name, kind, fields }) => (
        <li key={name}>
          <b>{name}</b> {t(`simulate.models.portIs.${kind}`)}
          {fields.map(({ field, from, to }) => (
            <span key={field}>
              {" "}
              {t(`simulate.models.field.${field}`)}: {from} → {to};
            </span>
          ))}
        </li>
      ))}
    </ul>
  );
}
