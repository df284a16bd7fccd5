// RFC 3986 §3.2.2: forms that values of a console have.

/** A host, with its port if it has one, and nothing before or behind it. */
export const HOST = /^[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?(?::\d{1,5})?$/i;

/** An https address without a slash, query or fragment at its end. */
export const HTTPS_URL = /^https:\/\/[^\s?#]*[^\s?#/]$/;

/** The same; plain http is for a provider inside a cluster, and has to be allowed besides. */
export const WEB_URL = /^https?:\/\/[^\s?#]*[^\s?#/]$/;

/** One segment of a path. */
export const SEGMENT = /^(?!\.+$)[A-Za-z0-9._~-]{1,200}$/;

/** RFC 9562 §4. */
export const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
