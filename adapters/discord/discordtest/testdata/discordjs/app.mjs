// A small bot on discord.js. discordjs_test.go plays it against discordtest;
// what it can't do there, discordtest does wrong.
import {
  ActionRowBuilder, ButtonBuilder, ButtonStyle, Client, Events, GatewayIntentBits, MessageFlags, ModalBuilder, Partials,
  REST, Routes, SlashCommandBuilder, TextInputBuilder, TextInputStyle,
} from "discord.js";

const { DISCORD_API_URL: api, DISCORD_BOT_TOKEN: token } = process.env;
const { Guilds, GuildMessages, DirectMessages } = GatewayIntentBits;
const client = new Client({
  rest: { api },
  intents: [Guilds, GuildMessages, DirectMessages],
  partials: [Partials.Channel],
  allowedMentions: { parse: [], repliedUser: false },
});

const row = (...items) => new ActionRowBuilder().addComponents(...items);
const tell = new ButtonBuilder().setCustomId("tell").setLabel("Tell me").setStyle(ButtonStyle.Primary);

client.on(Events.MessageCreate, async (message) => {
  if (message.author.bot) return;
  if (message.channel.isDMBased()) {
    await message.channel.send(`pong ${message.content}`);
  } else if (message.mentions.has(client.user)) {
    const thread = await message.startThread({ name: "What is wrong?" });
    await thread.send("In here.");
    await message.reply({ content: `Hello <@${message.author.id}>, what is wrong?`, components: [row(tell)] });
  }
});

client.on(Events.InteractionCreate, async (interaction) => {
  if (interaction.isChatInputCommand()) {
    await interaction.deferReply({ flags: MessageFlags.Ephemeral });
    await interaction.editReply(`You asked: ${interaction.options.getString("question")}`);
    await interaction.followUp({ content: "And more.", flags: MessageFlags.Ephemeral });
  } else if (interaction.isAutocomplete()) {
    await interaction.respond([{ name: `${interaction.options.getFocused()}!`, value: "x" }]);
  } else if (interaction.isButton()) {
    const what = new TextInputBuilder().setCustomId("what").setLabel("What").setStyle(TextInputStyle.Paragraph);
    await interaction.showModal(new ModalBuilder().setCustomId("told").setTitle("Tell me").addComponents(row(what)));
  } else if (interaction.isModalSubmit()) {
    await interaction.update({ content: `Noted: ${interaction.fields.getTextInputValue("what")}`, components: [] });
  }
});

client.once(Events.ClientReady, async () => {
  const commands = [
    new SlashCommandBuilder().setName("apihelp").setDescription("Ask")
      .addStringOption((o) => o.setName("question").setDescription("What").setRequired(true).setAutocomplete(true)).toJSON(),
  ];
  await new REST({ api }).setToken(token).put(Routes.applicationCommands(client.application.id), { body: commands });
});

client.on(Events.Error, (error) => console.error(error));
await client.login(token);
process.stdin.resume();
process.stdin.on("end", async () => {
  await client.destroy();
  process.exit(0);
});
