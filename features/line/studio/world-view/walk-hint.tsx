import { Button } from "@mantine/core";
import { IconX } from "@tabler/icons-react";
import { useEffect, useState } from "react";
import type { ReactNode, RefObject } from "react";
import { OWN_KEYS, WALK_KEYS } from "./own-keys.ts";
import { useWords } from "@doppelwerk/kit/studio";
import type { Viewer } from "@doppelwerk/kit/studio/viewer";

/** While somebody walks: how to move, and the way out. */
export function WalkHint({ viewer, host }: { readonly viewer: Viewer; readonly host: RefObject<HTMLElement | null> }): ReactNode {
  const { t } = useWords();
  const [isWalking, setWalking] = useState(viewer.rig.walking);
  useEffect(() => {
    viewer.onWalking = (walks) => {
      setWalking(walks);
      host.current?.setAttribute("data-keys", walks ? WALK_KEYS : OWN_KEYS);
    };
    return () => {
      viewer.onWalking = undefined;
    };
  }, [viewer, host]);
  if (!isWalking) return null;
  return (
    <div className="dw-walk-hint" role="status">
      <span className="dw-walk-keys">{t("line.world.walkKeys")}</span>
      <span className="dw-walk-touch">{t("line.world.walkTouch")}</span>
      <Button size="compact-sm" variant="default" leftSection={<IconX size={14} />} onClick={() => viewer.endWalk()}>
        {t("line.world.walkEnd")}
      </Button>
    </div>
  );
}
