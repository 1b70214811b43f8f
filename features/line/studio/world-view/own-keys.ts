/** It walks and looks with these; elsewhere they are the studio's. */
export const OWN_KEYS = String.raw`^[WASDHTG\d]$|^Arrow|^Home$`;

/** While somebody walks Escape ends that, and nothing else. */
export const WALK_KEYS = `${OWN_KEYS}|^Escape$`;
