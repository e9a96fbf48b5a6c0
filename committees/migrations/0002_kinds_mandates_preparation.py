import core.db
import django.contrib.postgres.constraints
import django.contrib.postgres.fields
import django.contrib.postgres.fields.ranges
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """Kinds become rows, members have mandates, meetings a rétroplanning. What was there is carried
    over by the next migration, and made compulsory by the one after."""

    dependencies = [
        ("agreements", "0002_plan_levels_and_imports"),
        ("committees", "0001_initial"),
    ]

    operations = [
        migrations.RenameField("committee", "kind", "former_nature"),
        migrations.AlterField(
            "committee", "former_nature", models.CharField(max_length=14, default="other")
        ),
        migrations.CreateModel(
            name='CommitteeKind',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=100, verbose_name='nom')),
                ('nature', models.CharField(choices=[('steering', 'pilotage : décide et arbitre'), ('technical', 'technique : prépare et suit'), ('working_group', 'groupe de travail : met en œuvre'), ('evaluation', 'évaluation partagée'), ('caf_point', 'point avec la Caf'), ('other', 'autre')], max_length=14, verbose_name="ce qu'elle fait")),
                ('meetings_per_year', models.PositiveSmallIntegerField(default=1, help_text='Un repère, jamais un blocage. Zéro : sans rythme attendu.', verbose_name='réunions attendues par an')),
                ('has_preparation', models.BooleanField(default=False, help_text="Les étapes, de la date fixée au suivi des décisions, s'ajoutent à chaque réunion.", verbose_name='ses réunions ont un rétroplanning')),
                ('position', models.PositiveSmallIntegerField(default=0, verbose_name='ordre')),
                ('is_active', models.BooleanField(default=True, verbose_name='utilisée')),
            ],
            options={
                'verbose_name': "sorte d'instance",
                'verbose_name_plural': "sortes d'instances",
                'ordering': ['position', 'pk'],
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='DeclinedProposal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(max_length=60, verbose_name='objet')),
                ('fingerprint', models.CharField(max_length=80, verbose_name="état de l'objet")),
            ],
            options={
                'verbose_name': 'proposition écartée',
                'verbose_name_plural': 'propositions écartées',
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='PreparationLine',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(choices=[('date', "Fixer la date avec l'élu et la Caf"), ('collection', 'Demander des nouvelles aux pilotes'), ('invitation', "Envoyer l'invitation et l'ordre du jour"), ('reading', 'Faire relire le dossier par la Caf et la direction'), ('pack', 'Transmettre le dossier de séance'), ('meeting', 'Tenir la réunion'), ('record', 'Diffuser le relevé de décisions'), ('follow_up', 'Suivre les décisions'), ('other', 'Autre étape')], default='other', max_length=12, verbose_name='étape')),
                ('label', models.CharField(max_length=150, verbose_name='étape')),
                ('due_on', models.DateField(verbose_name='date')),
                ('is_adjusted', models.BooleanField(default=False, editable=False, verbose_name='date choisie à la main')),
                ('done_on', models.DateField(blank=True, null=True, verbose_name='faite le')),
            ],
            options={
                'verbose_name': 'étape du rétroplanning',
                'verbose_name_plural': 'étapes du rétroplanning',
                'ordering': ['due_on', 'pk'],
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='PreparationStep',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(choices=[('date', "Fixer la date avec l'élu et la Caf"), ('collection', 'Demander des nouvelles aux pilotes'), ('invitation', "Envoyer l'invitation et l'ordre du jour"), ('reading', 'Faire relire le dossier par la Caf et la direction'), ('pack', 'Transmettre le dossier de séance'), ('meeting', 'Tenir la réunion'), ('record', 'Diffuser le relevé de décisions'), ('follow_up', 'Suivre les décisions'), ('other', 'Autre étape')], max_length=12, verbose_name='étape')),
                ('days', models.SmallIntegerField(help_text='Avant la réunion : nombre négatif. Après : nombre positif.', verbose_name='jours')),
                ('is_active', models.BooleanField(default=True, verbose_name='utilisée')),
            ],
            options={
                'verbose_name': 'délai du rétroplanning',
                'verbose_name_plural': 'délais du rétroplanning',
                'abstract': False,
            },
        ),
        migrations.RemoveConstraint(
            model_name='committeemember',
            name='committees_member_once',
        ),
        migrations.AddField(
            model_name='agendaitem',
            name='carried_from',
            field=models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='carried_to', to='committees.agendaitem', verbose_name="point d'origine"),
        ),
        migrations.AddField(
            model_name='agendaitem',
            name='origin_keys',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=60), blank=True, default=list, editable=False, size=None, verbose_name='objets dont le point est né'),
        ),
        migrations.AddField(
            model_name='agendaitem',
            name='outcome',
            field=models.CharField(blank=True, choices=[('information', 'information donnée'), ('decision', 'décision'), ('to_review', 'à revoir')], max_length=12, verbose_name='issue'),
        ),
        migrations.AddField(
            model_name='agendaitem',
            name='reason',
            field=models.CharField(blank=True, help_text='Une phrase, pour qui prépare et préside.', max_length=300, verbose_name='pourquoi ce point'),
        ),
        migrations.AddField(
            model_name='committeemember',
            name='ends_on',
            field=models.DateField(blank=True, help_text='Vide : en cours. Une personne qui part reste dans la liste des anciens membres.', null=True, verbose_name='fin du mandat'),
        ),
        migrations.AddField(
            model_name='committeemember',
            name='starts_on',
            field=models.DateField(blank=True, help_text='Vide : depuis le début.', null=True, verbose_name='début du mandat'),
        ),
        migrations.AlterField(
            model_name='committee',
            name='meetings_per_year',
            field=models.PositiveSmallIntegerField(blank=True, help_text="Vide : comme sa sorte d'instance.", null=True, verbose_name='réunions attendues par an'),
        ),
        migrations.AddConstraint(
            model_name='agendaitem',
            constraint=core.db.SameAgreement(field='carried_from', name='committees_agendaitem_carried_from_sa', violation_error_code='other_agreement'),
        ),
        migrations.AddConstraint(
            model_name='committeemember',
            constraint=models.CheckConstraint(condition=models.Q(('starts_on__isnull', True), ('ends_on__isnull', True), ('ends_on__gte', models.F('starts_on')), _connector='OR'), name='committees_mandate_order', violation_error_message='La fin du mandat doit suivre son début.'),
        ),
        migrations.AddConstraint(
            model_name='committeemember',
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(expressions=[('committee', '='), ('contact', '='), (models.Func(models.F('starts_on'), models.F('ends_on'), models.Value('[]'), function='daterange', output_field=django.contrib.postgres.fields.ranges.DateRangeField()), '&&')], name='committees_member_once_at_a_time', violation_error_message="Cette personne siège déjà dans cette instance à ces dates : modifiez son mandat, ou donnez-lui une fin avant d'en ouvrir un autre."),
        ),
        migrations.AddField(
            model_name='committeekind',
            name='agreement',
            field=models.ForeignKey(editable=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='agreements.agreement'),
        ),
        migrations.AddField(
            model_name='committee',
            name='kind',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.RESTRICT, related_name='committees', to='committees.committeekind', verbose_name="sorte d'instance"),
        ),
        migrations.AddConstraint(
            model_name='committee',
            constraint=core.db.SameAgreement(field='kind', name='committees_committee_kind_sa', violation_error_code='other_agreement'),
        ),
        migrations.AddField(
            model_name='declinedproposal',
            name='agreement',
            field=models.ForeignKey(editable=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='agreements.agreement'),
        ),
        migrations.AddField(
            model_name='declinedproposal',
            name='committee',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='declined_proposals', to='committees.committee'),
        ),
        migrations.AddField(
            model_name='preparationline',
            name='agreement',
            field=models.ForeignKey(editable=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='agreements.agreement'),
        ),
        migrations.AddField(
            model_name='preparationline',
            name='meeting',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='preparation', to='committees.meeting'),
        ),
        migrations.AddField(
            model_name='preparationstep',
            name='agreement',
            field=models.ForeignKey(editable=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='agreements.agreement'),
        ),
        migrations.AddConstraint(
            model_name='committeekind',
            constraint=models.UniqueConstraint(fields=('agreement', 'id'), name='committees_committeekind_agreement_id'),
        ),
        migrations.AddConstraint(
            model_name='committeekind',
            constraint=models.UniqueConstraint(fields=('agreement', 'name'), name='committees_kind_name', violation_error_message="Une sorte d'instance porte déjà ce nom."),
        ),
        migrations.AddConstraint(
            model_name='declinedproposal',
            constraint=models.UniqueConstraint(fields=('agreement', 'id'), name='committees_declinedproposal_agreement_id'),
        ),
        migrations.AddConstraint(
            model_name='declinedproposal',
            constraint=core.db.SameAgreement(field='committee', name='committees_declinedproposal_committee_sa', violation_error_code='other_agreement'),
        ),
        migrations.AddConstraint(
            model_name='declinedproposal',
            constraint=models.UniqueConstraint(fields=('committee', 'key'), name='committees_declined_once'),
        ),
        migrations.AddConstraint(
            model_name='preparationline',
            constraint=models.UniqueConstraint(fields=('agreement', 'id'), name='committees_preparationline_agreement_id'),
        ),
        migrations.AddConstraint(
            model_name='preparationline',
            constraint=core.db.SameAgreement(field='meeting', name='committees_preparationline_meeting_sa', violation_error_code='other_agreement'),
        ),
        migrations.AddConstraint(
            model_name='preparationline',
            constraint=models.UniqueConstraint(condition=models.Q(('key', 'other'), _negated=True), fields=('meeting', 'key'), name='committees_preparation_once', violation_error_message='Cette étape est déjà dans le rétroplanning.'),
        ),
        migrations.AddConstraint(
            model_name='preparationstep',
            constraint=models.UniqueConstraint(fields=('agreement', 'id'), name='committees_preparationstep_agreement_id'),
        ),
        migrations.AddConstraint(
            model_name='preparationstep',
            constraint=models.UniqueConstraint(fields=('agreement', 'key'), name='committees_step_once', violation_error_message='Cette étape a déjà son délai.'),
        ),
        migrations.CreateModel(
            name='CommitteeKindTheme',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('agreement', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='agreements.agreement')),
                ('kind', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='committees.committeekind')),
                ('theme', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='agreements.theme')),
            ],
            options={
                'verbose_name': "thème d'une sorte d'instance",
                'verbose_name_plural': "thèmes des sortes d'instances",
                'abstract': False,
            },
        ),
        migrations.AddField(
            model_name='committeekind',
            name='themes',
            field=models.ManyToManyField(blank=True, help_text="Les actions proposées à l'ordre du jour se limitent alors à ces thèmes.", related_name='+', through='committees.CommitteeKindTheme', to='agreements.theme', verbose_name='thèmes'),
        ),
        migrations.AddConstraint(
            model_name='committeekindtheme',
            constraint=models.UniqueConstraint(fields=('agreement', 'id'), name='committees_committeekindtheme_agreement_id'),
        ),
        migrations.AddConstraint(
            model_name='committeekindtheme',
            constraint=core.db.SameAgreement(field='kind', name='committees_committeekindtheme_kind_sa', violation_error_code='other_agreement'),
        ),
        migrations.AddConstraint(
            model_name='committeekindtheme',
            constraint=core.db.SameAgreement(field='theme', name='committees_committeekindtheme_theme_sa', violation_error_code='other_agreement'),
        ),
        migrations.AddConstraint(
            model_name='committeekindtheme',
            constraint=models.UniqueConstraint(fields=('kind', 'theme'), name='committees_kindtheme_once'),
        ),
    ]
