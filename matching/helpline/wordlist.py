"""The words by which she returns: 2,048 of ours, plain French, four to eight letters, no accents.

No two of them differ by one letter only, so that one misheard or mistyped is none of the others.
None is a name, and none is of violence.
"""

_TEXT = """
abeille abri abricot acajou accent accord accueil achat acier acteur actif action adepte adieu
adresse adulte affiche agence agneau agrafe agrume aide aigle aiguille aimant ajonc allure
almanach alouette alpage alphabet alpin alto amande amarre amical amour amphore ample ampoule
amusant ananas anchois ancien ancre anglais angora animal anis annonce annuaire anorak antenne
antilope antique aplomb appareil appel applique appui aquarium aqueduc arachide arbitre arbre
arbuste arcade archer archipel archive arctique ardoise argent argile argument armoire armure
aromate arrivage arriver arrondi arrosoir artisan artiste asile aspect asperge asphalte aspirine
assiette associer assorti astre atelier atlas atoll atome atomique atout attache attelage
attente attentif aubade aubaine aube auberge audace audible auditeur auguste autel autobus
autocar automne autruche auvent avaler avance aveline avenant avenir aventure avenue averse
avertir avion avocat avoine avril azur babouche badge badine bagage bague baguette baie baiser
balade balai balance balayer balcon baleine balise baliveau balle balustre bambin bambou banane
banc bandage bandeau banjo banlieue banque banquise baobab baratin barbe bardane baril baron
barrage barrette baryton basalte bascule basilic basket bassin bateau bateleur batterie battoir
baudet baume bavard bavette bazar beau becquet bedaine beige beignet belette bengale berceau
berger bergerie berlue bermuda beurre biberon bijou bilan billard billet binette biscuit bison
bistro bitume bivouac blaireau blason blazer bleu bleuet bloc blond blouse blouson bobine bocage
bocal bocaux boisson bolduc bolide bonbon bonbonne bonheur bonjour bonnet bonsai bonsoir bord
border bordure borne bosquet botte bottine bouchon boucle bouclier boudoir bouffant bouffon
bouger bougie bouillon bouleau boulon bouquin bourdon bourg bourgeon bourse boussole boutade
boutique bowling bracelet branche brandade bras brasero brassard bravo brebis bref breloque
bretelle breton brevet bricole bridge brigade brillant brin brioche brique brisant brise
brocante brochet brochure brocoli broderie brodeur bronzage bronze brosse brouette brugnon bruit
brunch bruyant budget buffet bufflon bulbe bulletin bureau buste butane cabane cabinet cabriole
cacao cachalot cachet cachette cactus cadeau cadence cadran cadre cagette cagnotte cahier caille
caillou caisse caisson calamar calcaire calcul cale calepin calice calot calypso camarade camion
camp campagne camphre camping canal canard candidat candide canif canne cannelle canotier
cantate cantine canton canular capeline capital caprice capsule capuche carafe caramel carat
caravane carbone carcan cardinal cardon caresse cargo caribou carillon carlin carnaval carnet
carotte carpe carpette carreau carrosse cartable cascade casino casque cassis castor cause
cavale cavalier caverne cayenne ceinture cendre centaure centime cercle cerf cerfeuil cerise
cerneau certain chahut chaise chaland chalet chaleur chaloupe chambre chameau chamois champion
chance chandail chanson chant chanteur chantier chapelle chapitre charade charbon chariot
charmant charme charrue chasuble chaton chaud chaudron chauve chemin cheminot chemise chenal
chenille chercher chevalet cheveu chien chiffon chiffre chignon chimie chiot chocolat choix
chorale chose chou chouette chrome chute ciboule ciel cigale cigogne cime ciment cinq cintre
circuit cirque ciseau citadin citoyen citron civique clair clairet clairon clameur clan clapet
clapotis classe clavecin clavier clef client climat clipper clivage cloche cloison cloporte
clown club cobalt cocagne cocon cocotier coffrage coffre coiffeur coin colibri colis collant
colle collecte collier colline colonne colosse colza combe comique commande commerce commode
commune compact compas complet compote compter comptine comptoir concert concours conduite
confetti confiant confier conforme confort congre conseil consigne console consoude constant
contact conte content contour contrat convenir convive convoi copain copeau copie copiste
coquille corail corbeau cordage corde cormoran cornac corniche correct cortex corvette cosmos
cosse costaud costume cotillon cottage coudrier couffin couleur couloir coupe coupole coupon
cour courage courant courir couronne courtois couscous cousin couture couvert couvreur coyote
crabe crampe crampon crapaud cravate crayon cresson creux crevette cric cristal critique crochu
crocus croisade croquis cuiller cuir cuisine cuissard cuistot cuivre culbute culotte culture
cumin curcuma curieux curry cuvette cyclable cyclisme cyclone cygne cylindre cymbale dahlia daim
dallage damier danois danse danseur date dauphin debout delta demain demander demeure dentelle
dentiste dernier dessert dessin dessiner devant deviner devise devoir dialogue diamant diapason
dicton diesel digital digue dimanche diorama direct discours discret disque distance distinct
distrait divan dizaine docile docker docteur dodo doigt dollar dolmen domaine dominant domino
donner dorade dormir dorsal dortoir dorure dossier douane double doublon doublure douceur douche
doux douze dragon drap drapeau dressage dressoir drisse droit droitier dryade dune durable durer
duvet duveteux dynamo effet effort ellipse embellie embruns empire emplette emploi enceinte
encens enclos enclume endive endroit enfance enfant enfiler engin engrais enseigne ensemble
entier entorse entracte entrain envers envie envol ergot ermitage escabeau escale escalier
escapade escargot escrime espace espadon espoir esprit essai essayer essence essieu estampe
estomac estrade estragon estuaire exact examen exemple exotique expert exploit express exquis
extase extrait fable fabuleux facette facile fado fagot faisan fakir falaise famille fanfare
fanon farce farceur farfelu farine fascine faubourg faucon fauteuil fauve fauvette faux faveur
fenouil fente fenugrec ferme ferment fermier ferry fertile ferveur festin festival feuille
feutre ficelle fiche fichier fier figuier figure figurine filament filature filet filin fillette
filleul filtre final finesse fiole flacon flamant flambeau flamenco flamme flanelle fleur
fleuret fleuve floral flot flotte fluide fluvial foire folk folklore fonction fond fondant
fontaine football forain forge forgeron format formule fort fortuit fortune forum fossile
fougasse foulard foule fourche fourgon fourmi fourrure foyer fracas fraction fragment frais
franc frangin frein frelon fresque frigo frileux fripon frisson friture frivole fromage froment
front frontal fronton fructose frugal fruitier fugace fugue futur gabarit gadget gagner gain
gala galant galaxie galerie galet galette galop gambade gamme gant garage garance garde gardien
garenne garnir garnison garrigue gaufre gavotte gazelle gazon geai gencive genou genre gentil
gerbe gerboise geste geyser gibier gigot girafe girofle givrage givre glace glacier glaner
glissade glissant globe gloire glycine gobelet goguette golf gondole gospel gothique gouache
goudron gouffre goulot gourde gourmand gourmet gousse goutte gracieux graffiti graine graisse
grand grandir grange granit graphite grappe gratin gratuit gravier gravure greffe grelot grenade
grenat grenier grillage grille grillon grimace grimpeur griotte gris grive grivois grue guenon
guetteur guide guidon guignol guimauve guitare gymnase gypse habile habit habiter hachis halte
hamac hamster hanche handball hangar hareng haricot harmonie harnais hasard hausse haut hauteur
havre hebdo herbier hermine herse hibou hippique histoire hiver hollande homard honneur horizon
horloge hospice hublot huile huilier huit humble humeur humus huppe hutte iceberg idole igloo
iguane illusion image immense inclus index indice indigo infini infusion insecte insigne
insolite instant intact intense intime intrigue invite iode isard isolant issue italique ivoire
jacinthe jaguar jambe jambon janvier jardin jardiner jarre jaune java javelot jazz jersey jeton
jeudi jockey joie joker joli jongleur jouet joueur journal jovial joyau joyeux judo juillet juin
jumeau jumelage jumelle jungle jupe jupon justice kaki kayak ketchup kilt kimono kiosque kiwi
koala label lacet lagune laine laineux laisser laiterie laitier laitue lama lamelle lampe
lampion landau langue lanterne lapin large lasagne latitude latte laurier lavabo lavande laver
lavoir lecteur lecture lemming lent lentille lessive lettre lettrine levier levure lexique liant
libraire libre licence licorne lien lierre ligne lilas limande limite limonade limpide linge
lingot lionceau liquide liseron liste litchi littoral livret loco loggia logique logis loir
loisir long loquace lotus loup lourd loutre lucarne lucide luciole ludique lueur luge lumineux
lunaire lundi lunette lustre luth lutin lynx lyre lyrique macareux macaron machine maestro
magasin magie magique magma magnolia magnum maillot maire maison majeur malabar malin mallette
maman mammouth manchot mandarin manette manger mangrove manoir mansarde manteau manuel maquette
marathon marbrure marche mardi marinade marmite marmotte marque marquis marraine marron mars
martinet mascotte massif matelas matelot matinal matou maximum mazurka meilleur melon membre
mener menhir menthe menton menu mercerie merci mercredi merisier merle message mesure meunier
midi miette mignon mille million mimosa minaret mince minuit minute miracle miroir missive
mistral mixeur mobile moderne modeste module moelleux moineau mois molette molleton moment monde
mondial moniteur monnaie monocle montagne montre monument morceau morse moteur motif moto
mouchoir mouflon moulin mousson moutarde mouton moyen muguet mule multiple murmure muscade
muscat muscle museau musical musique myosotis myrtille mythe nacre nageoire nageur nappe
narcisse natal natation nature nautile nautique navet navire nectar neuf neurone neveu nickel
niveau nobliau nocturne noeud noisette noix nomade nombre nordique normal notaire note notice
nougat nouille nounours nouveau novembre nuage nuageux nuance nymphe oasis objectif objet
oblique ocelot ocre octobre odeur oeil oeillet oeuvre office offrir olivier omelette oncle
onctueux onze opale opportun optique orage oranger oratoire orbite ordre oreille orient oriental
origan origine orignal ormeau orque osier otarie ouate ouest ours oursin outil ouvrage ouvrier
pagaie pagode paisible paix palais palier palme palombe palourde palpable panache panda panneau
panoplie panorama pantalon paon papa papaye papillon paprika paquebot paquet parade parasol parc
parcelle parcours pareil parent parfait parfum parking parler parmesan parole parrain partage
parterre partie parure parvis passage passer passion pastel pasteur pastille patate pataud
patience patient patin patinage patiner patron pavot payer paysan peignoir peintre pelage pelle
pelouse pencher pendule penseur pensif perche permis perron perruche persil personne peser petit
peuple peuplier peureux phare philtre phonique phoque photo phrase physique pianiste piano
pichet pied pieuvre pigeon pile pilon pilote pilotis pinceau pingouin pinson pintade pioche
pionnier piquant pirogue piscine pistache pistil pivert pivoine pizza placard plafond plaisir
planche planeur plante plat platane plateau plein pliage plombier plongeon plongeur pluie
plumeau plumier pluriel podium poignet point pointure poireau poirier poitrine poivre poivron
polaire polka pollen polo pommade pomme pommier pompon poncho ponctuel poney ponton porridge
portail porte porteur portrait pose poster potage poteau poterie potiche potier potion pouce
poudre poudreux poulain poulet poulie pourpre pousser poussin prairie praline pratique premier
prendre presse primeur principe prisme prochain prodige produit profil profond projet prologue
prompt propice propos propre prouesse province prudent prunelle prunier public publier pudding
puiser puits pull pulpe puma punch pupille pupitre puzzle pyjama pyramide pyrite python quai
quart quartier quatre quatuor quenelle question quiche quille quinze quota rabot racine radar
radieux radio rafale raffut rail rainette rainure raisin ramage rame rameau ranch rang rapace
rapide rasoir rater ration ravin ravioli rayure recette recoin record recueil reflet refrain
refuge regard relais reliure remorque renne renom rentrer repas reptile requin ressort rester
retour revers revue rhino rhubarbe richesse ricochet ricotta rideau rieur rigole rimer rire
risotto rituel rivage robe robinet robuste rocade rocaille roche rocheux rococo roman romance
romarin ronce rondin roquette rosace rosbif roseau rotin rotonde rouge roulade rouler roulis
roulotte routine rouvre royaume ruban rubis rubrique rucher rugby ruisseau rural ruse rustique
rutabaga rythme sablier sacoche safran sage sagesse saladier salaire salon salsa salut samba
samedi samovar sandale sandwich sangle sanglier sardine sarrasin sauce saumon sauna sauter
sauvage savane science scierie scolaire scooter score scout secours secret seigle seize semaine
semelle semence semer semis semoule senteur sentir sept serein serpe serrure service servir
sextant siamois sifflet siffleur signal signer silence silex sillage sillon silo simple sirop
sittelle skieur slalom sobre sociable social socle sofa soif soixante soleil soliste sommeil
sommet songe sonnette sonore soprano sorbet sorbier sorgho sortie souci soufflet souhait soulier
soupape souper souple source sourire souris souvenir spacieux spatule sphinx spirale sport
square stable stade stand station statue steppe studieux studio style suave subtil sucette sucre
suffrage suite sujet superbe surf surface surfeur surprise survol suspens swing sycomore symbole
sympa synonyme tableau tablette tabouret tache tactile tailleur talent tamarin tambour tandem
tangible tango tante tapioca tapis tarif tartine tasse tatami taupe taureau taxi teint temple
tempo tenace tenir tennis terrain terrasse terre terrier terrine terroir texte textile thermos
thon thym tiare ticket tige timbale timbre timide timonier tipi tirage tirelire tiret tisane
tissage tissu titan toast toboggan toile toison toiture tomate tombola tonneau tonnelle tonsure
toque torche torchon torrent torride tortue totem toubib toucan toucher touffe toundra toupet
toupie tourbe tourelle tourisme tourner tournoi tourteau tracer tracteur train trajet tramway
transat travail traverse treillis treize trekking tremplin trente triangle tribu tribune tricot
tricoter tricycle trier trio triolet triple triton troc trombone tropique trottoir troupe
troupeau trousse trouver truite tulipe tunique tunnel turban turbine turbot tuteur tuyau type
typique ultime unanime union unisson univers urbain urne usine usuel utile utopie vacance
vagabond vaillant vaisseau valeur vallon valse vanille vanneur variable vaste vautour vedette
veille velours velu vendange vendredi ventouse ventre verdure verglas vernis verrou versant
verser vert vertical vertige vertueux verveine veston viaduc vibrant vider vieux vigie vigneron
viking villa vinaigre vingt violet violon virgule virtuose visage visible visite visiteur vital
vitamine vitesse vitrail vitre vitrine vivace vivant vivarium voeu voguer voilier voisin
volaille volant volcan voler volt volume voyage voyageur voyance voyelle vrai wagon wapiti week
yacht yaourt yoga yourte zigzag zinc zodiaque zoom
"""

WORDS = tuple(_TEXT.split())
