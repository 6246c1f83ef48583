// A small app on Slack's own framework. bolt_test.go plays it against
// slacktest; what it can't do there, slacktest does wrong.
import bolt from "@slack/bolt";

const { SLACK_API_URL: slackApiUrl, SLACK_BOT_TOKEN: token, SLACK_APP_TOKEN: appToken } = process.env;
const app = new bolt.App({ token, appToken, socketMode: true, clientOptions: { slackApiUrl } });

const plain = (text) => ({ type: "plain_text", text });

app.event("app_mention", async ({ event, say }) => {
  await say({
    thread_ts: event.thread_ts ?? event.ts,
    text: "What is wrong?",
    blocks: [
      { type: "section", text: { type: "mrkdwn", text: `Hello <@${event.user}>, what is wrong?` } },
      { type: "actions", elements: [{ type: "button", action_id: "tell", value: event.ts, text: plain("Tell me") }] },
    ],
  });
});

app.action("tell", async ({ ack, body, client, action, respond }) => {
  await ack();
  await client.views.open({
    trigger_id: body.trigger_id,
    view: {
      type: "modal",
      callback_id: "told",
      private_metadata: JSON.stringify({ channel: body.channel.id, thread: action.value }),
      title: plain("Tell me"),
      submit: plain("Send"),
      blocks: [{ type: "input", block_id: "what", label: plain("What"), element: { type: "plain_text_input", action_id: "text" } }],
    },
  });
  await respond({ replace_original: true, text: `Asked by ${body.user.name}` });
});

app.view("told", async ({ ack, view, client }) => {
  const text = view.state.values.what.text.value;
  if (text === "nothing") {
    await ack({ response_action: "errors", errors: { what: "That is not much." } });
    return;
  }
  await ack();
  const { channel, thread } = JSON.parse(view.private_metadata);
  await client.chat.postMessage({ channel, thread_ts: thread, text: `Noted: ${text}` });
});

app.command("/apihelp", async ({ ack, command, respond }) => {
  await ack({ text: "A moment" });
  await respond({ response_type: "in_channel", text: `${command.user_name} asked for ${command.text}` });
});

app.message("ping", async ({ say }) => say("pong"));

await app.start();
process.stdin.resume();
process.stdin.on("end", async () => {
  await app.stop();
  process.exit(0);
});
