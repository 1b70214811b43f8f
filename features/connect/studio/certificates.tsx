import { Button } from "@mantine/core";
import { IconCertificate } from "@tabler/icons-react";
import type { ReactNode } from "react";
import type { KnownCertificate } from "@doppelwerk/client";
import { Card, useLoad, useStudio, useWords } from "@doppelwerk/kit/studio";
import "./plant-look.css";

const LOOK_MS = 5_000;

/** Certificates of servers and clients that were met: a person compares the thumbprint with the other's own, and decides. Those that wait come first. */
export function Certificates({ onDecided }: { readonly onDecided?: () => void }): ReactNode {
  const studio = useStudio();
  const { t } = useWords();
  const known = useLoad((signal) => studio.client.certificates({ signal }).catch(() => []), [], LOOK_MS);
  const all = (known.value ?? []).toSorted(
    (a, b) => Number(b.decision === "open") - Number(a.decision === "open") || (a.url < b.url ? -1 : 1),
  );
  if (all.length === 0) return null;
  const decide = (thumbprint: string, decision: KnownCertificate["decision"]): void => {
    studio.client
      .decideCertificate(thumbprint, decision)
      .then(() => {
        known.reload();
        if (decision === "trusted") onDecided?.();
      })
      .catch((error: unknown) => studio.notifyFailure(error));
  };
  return (
    <Card title={t("connect.trust.title")}>
      <p className="dw-quiet">{t("connect.trust.text")}</p>
      <div className="dw-plant-rows">
        {all.map((certificate) => (
          <Row key={certificate.thumbprint} certificate={certificate} onDecide={(decision) => decide(certificate.thumbprint, decision)} />
        ))}
      </div>
    </Card>
  );
}

function Row({
  certificate,
  onDecide,
}: {
  readonly certificate: KnownCertificate;
  readonly onDecide: (decision: KnownCertificate["decision"]) => void;
}): ReactNode {
  const { t } = useWords();
  const { thumbprint, subject, url, applicationUri, validFrom, validTo, decision, met, hosts, otherHost } = certificate;
  const now = new Date().toISOString();
  const trouble = validTo < now ? "expired" : validFrom > now ? "notYet" : undefined;
  const name = /CN=([^,\n]+)/.exec(subject)?.[1] ?? subject;
  return (
    <div className="dw-plant-row">
      <IconCertificate size={18} />
      <b>
        {name}{" "}
        <span className="dw-quiet-text">
          {met.map((part) => t(`connect.trust.met.${part}`, { where: part === "server" ? url : (applicationUri ?? "") })).join(" · ")}
        </span>
      </b>
      <code>{thumbprint.replaceAll(/(.{4})(?=.)/g, "$1 ")}</code>
      <span className={trouble === undefined ? "dw-quiet-text" : "dw-call-result is-trouble"} style={{ flexBasis: "auto" }}>
        {trouble === undefined
          ? t("connect.trust.until", { date: validTo.slice(0, 10) })
          : t(`connect.trust.${trouble}`, { from: validFrom.slice(0, 10), date: validTo.slice(0, 10) })}
      </span>
      {otherHost === true && (
        <span className="dw-call-result is-trouble" style={{ flexBasis: "auto" }}>
          {t("connect.trust.otherHost", { hosts: hosts.join(", ") || "–" })}
        </span>
      )}
      <span>{t(`connect.trust.decisions.${decision}`)}</span>
      {decision !== "trusted" && (
        <Button size="xs" variant={decision === "open" ? "filled" : "default"} onClick={() => onDecide("trusted")}>
          {t("connect.trust.trust")}
        </Button>
      )}
      {decision !== "rejected" && (
        <Button size="xs" variant="default" onClick={() => onDecide("rejected")}>
          {t("connect.trust.reject")}
        </Button>
      )}
    </div>
  );
}
