/** Content types: what a route declares, and what a client accepts. */
import { JSON_TYPE, type ReplyContent, type RestReply, type RouteDescription } from './route';

/** The media type of a declared content; null where there is no body. */
export function mediaTypeOf(content: ReplyContent): string | null {
  if (content === null) return null;
  return typeof content === 'string' ? JSON_TYPE : content.mediaType;
}

/**
 * The content type of a reply.
 * @returns null if it has no body
 * @throws Error for a reply that its route does not declare, which no client could be prepared for
 */
export function contentTypeOf({ method, path, replies }: RouteDescription, { status, body }: RestReply): string | null {
  const content = replies[status];
  if (content === undefined) throw new Error(`${method} ${path} does not declare that it replies ${status}`);
  const declared = typeof content === 'object' && content?.isStream ? 'stream' : content === null ? 'none' : 'whole';
  const given = typeof body === 'function' ? 'stream' : body === undefined ? 'none' : 'whole';
  if (declared !== given) throw new Error(`${method} ${path} declares another kind of body for ${status}: ${declared}, not ${given}`);
  return mediaTypeOf(content);
}

/** Whether a client takes at least one content of a route. Where it has none, errors in JSON must do. */
export function isAcceptable({ replies }: RouteDescription, accept: string | undefined): boolean {
  if (accept === undefined || accept.trim() === '') return true;
  const declared = Object.values(replies).flatMap(content => mediaTypeOf(content) ?? []);
  const types = (declared.length === 0 ? [JSON_TYPE] : declared).map(bareType);
  return accept.split(',').some(range => {
    const [wanted = '', ...parameters] = range.split(';').map(part => part.trim().toLowerCase());
    const refused = parameters.some(parameter => /^q=0(\.0*)?$/.test(parameter));
    return !refused && types.some(type => ['*', '*/*', type.replace(/\/.*/, '/*'), type].includes(wanted));
  });
}

/** Without parameters, in small letters. */
function bareType(mediaType: string): string {
  return (mediaType.split(';')[0] ?? '').trim().toLowerCase();
}
