import { SegmentedControl } from "@mantine/core";
import { useState } from "react";
import type { ReactNode } from "react";
import { encode } from "uqr";
import type { Shell } from "@doppelwerk/aas";
import { LIVE } from "@doppelwerk/world";
import { formatPlace, useScope, useWords } from "@doppelwerk/kit/studio";

/** IEC 61406-1, 5.2: an identification link has at most 255 characters. */
const MAX_LINK = 255;
/** Modules of quiet around the code, as its standard asks. */
const QUIET = 4;

/** The asset's identification link as a QR code with the mark of IEC 61406; the link of this server opens the asset's page on a phone. */
export function Identification({ shell }: { readonly shell: Shell }): ReactNode {
  const { branch } = useScope();
  const { t } = useWords();
  const asset = shell.assetInformation.globalAssetId;
  const own = asset !== undefined && /^https?:\/\//i.test(asset) && asset.length <= MAX_LINK ? asset : undefined;
  const [of, setOf] = useState<"page" | "asset">("page");
  const page = pageLink(shell, branch);
  const link = of === "asset" && own !== undefined ? own : page;
  return (
    <div className="dw-identification">
      {own !== undefined && (
        <SegmentedControl
          size="xs"
          value={of}
          onChange={(value) => setOf(value as "page" | "asset")}
          data={[
            { value: "page", label: t("assets.explorer.linkPage") },
            { value: "asset", label: t("assets.explorer.linkAsset") },
          ]}
        />
      )}
      <IdentificationCode link={link} label={t("assets.explorer.codeOf", { link })} />
      <a className="dw-breaks" href={link}>
        {link}
      </a>
      {link === page && isLoopback(location.hostname) && <small>{t("assets.explorer.linkHere", { host: location.host })}</small>}
      {link.length > MAX_LINK && <small>{t("assets.explorer.linkLong", { count: link.length })}</small>}
    </div>
  );
}

/** Whether a name leads to the machine itself on which it is opened, as `localhost` of a phone is the phone. */
function isLoopback(host: string): boolean {
  return host === "localhost" || host.endsWith(".localhost") || host === "[::1]" || host.startsWith("127.");
}

/** The address at which this server shows an asset; by its asset id where it has one, which outlives the shell. */
export function pageLink(shell: Shell, branch: string): string {
  const asset = shell.assetInformation.globalAssetId;
  const place = asset === undefined ? ({ mode: "shells", shell: shell.id } as const) : ({ mode: "shells", asset } as const);
  return `${location.origin}/assets/${formatPlace(place)}${branch === LIVE ? "" : `?branch=${encodeURIComponent(branch)}`}`;
}

export function IdentificationCode({ link, label }: { readonly link: string; readonly label: string }): ReactNode {
  const { size, data } = encode(link, { ecc: "M", border: 0 });
  const whole = size + 2 * QUIET;
  const modules = data.flatMap((row, y) => row.flatMap((dark, x) => (dark ? [`M${x + QUIET} ${y + QUIET}h1v1h-1z`] : []))).join("");
  const corner = whole - 0.5;
  return (
    <svg className="dw-code" viewBox={`0 0 ${whole} ${whole}`} role="img" aria-label={label} shapeRendering="crispEdges">
      <path d={modules} />
      <rect x="0.5" y="0.5" width={whole - 1} height={whole - 1} fill="none" stroke="currentColor" strokeWidth="0.6" />
      <path d={`M${corner} ${corner - 3}V${corner}H${corner - 3}z`} />
    </svg>
  );
}
