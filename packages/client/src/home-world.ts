/** The world of the short addresses (`/api/v3`, `/ws`); it is open as long as the server runs. */
export const HOME_WORLD = "default";
